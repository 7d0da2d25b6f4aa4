"""How smooth a movement is: spectral arc length and log dimensionless jerk.

Spectral arc length (SPARC; Balasubramanian, Melendez-Calderon, Roby-Brami, Burdet 2015,
J NeuroEng Rehabil 12:112), of a speed profile v(t):

    SPARC = - integral over [0, wc] of sqrt( (1 / wc)^2 + (dV / dw)^2 ) dw,   V = |FFT v| / max

where wc is the highest frequency up to 10 Hz whose amplitude still reaches 0.05 of the largest,
and the spectrum is that of v padded with zeros to 2^4 times the next power of two.

Log dimensionless jerk (LDLJ; the same, and Hogan and Sternad 2009, J Mot Behav 41:529):

    LDLJ = -ln( T^3 / vmax^2  integral of (d2v / dt2)^2 dt )

with T the duration. Both are dimensionless, negative, and nearer to zero where smoother. They
depend on the rate of sampling, so that a session is brought to 100 Hz after a low-pass of 10 Hz
(Butterworth, order 2, run forwards and backwards) before it is scored. They are defined for one
movement: a session is cut into strokes at its pauses, and the strokes are scored.
"""

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["RATE_HZ", "ldlj", "resample", "sparc", "speed", "strokes"]

RATE_HZ = 100.0
"""The rate at which movements are scored."""

_CUTOFF_HZ = 10.0
_AMPLITUDE = 0.05  # share of the largest amplitude below which the spectrum is noise
_PADDING = 4  # powers of two of zeros behind the movement
_STILL = 0.01  # m/s, slower is a pause
_SHORTEST_S = 0.25  # strokes below this are corrections of the grip

Values = NDArray[np.float64]


def sparc(profile: Values, rate_hz: float) -> float:
    """Spectral arc length of a speed profile.

    Parameters
    ----------
    profile
        Speeds at equal steps of time, shape (n,), any unit.
    rate_hz
        Samples a second.

    Raises
    ------
    ValueError
        When there are fewer than 4 samples or nothing moves.
    """
    _need_movement(profile)
    length = 2 ** (math.ceil(math.log2(profile.size)) + _PADDING)
    frequency = np.arange(length // 2 + 1) * (rate_hz / length)
    amplitude = np.abs(np.fft.rfft(profile, length))
    amplitude /= amplitude.max()
    low = frequency <= _CUTOFF_HZ
    frequency, amplitude = frequency[low], amplitude[low]
    loud = np.flatnonzero(amplitude >= _AMPLITUDE)
    band = slice(loud[0], loud[-1] + 1)
    frequency, amplitude = frequency[band], amplitude[band]
    if frequency.size < 2:
        return 0.0
    along = np.diff(frequency) / (frequency[-1] - frequency[0])
    return -float(np.sum(np.hypot(along, np.diff(amplitude))))


def ldlj(profile: Values, rate_hz: float) -> float:
    """Log dimensionless jerk of a speed profile.

    Parameters
    ----------
    profile
        Speeds at equal steps of time, shape (n,), any unit.
    rate_hz
        Samples a second.

    Raises
    ------
    ValueError
        When there are fewer than 4 samples or nothing moves.
    """
    _need_movement(profile)
    duration = profile.size / rate_hz
    jerk = np.diff(profile, 2) * rate_hz**2
    integral = float(np.sum(jerk**2)) / rate_hz
    if integral == 0.0:
        return 0.0
    return -math.log(duration**3 / float(np.max(np.abs(profile))) ** 2 * integral)


def _need_movement(profile: Values) -> None:
    if profile.ndim != 1 or profile.size < 4 or not np.any(profile):
        raise ValueError("smoothness needs at least 4 speeds that are not all zero")


def resample(time_s: Values, positions: Values) -> tuple[Values, Values]:
    """Bring positions to 100 Hz, after a low-pass of 10 Hz that shifts nothing in time.

    Parameters
    ----------
    time_s
        Rising at equal steps, at least 100 Hz, shape (n,).
    positions
        Shape (n, 3), m.

    Returns
    -------
    tuple
        Times (m,), s, and positions (m, 3), m.
    """
    from scipy.signal import butter, sosfiltfilt

    rate_hz = (time_s.size - 1) / float(time_s[-1] - time_s[0])
    sections = butter(2, _CUTOFF_HZ, fs=rate_hz, output="sos")
    reach = min(int(3 * rate_hz / _CUTOFF_HZ), time_s.size - 1)
    calm = sosfiltfilt(sections, positions, axis=0, padlen=reach)
    count = math.floor((time_s[-1] - time_s[0]) * RATE_HZ + 1e-6) + 1
    times = time_s[0] + np.arange(count) / RATE_HZ
    return times, np.column_stack([np.interp(times, time_s, axis) for axis in calm.T])


def speed(positions: Values) -> Values:
    """Speed of positions at 100 Hz, by central differences; shape (n,), m/s."""
    velocity = np.gradient(positions, 1.0 / RATE_HZ, axis=0)
    return np.asarray(np.linalg.norm(velocity, axis=1), dtype=np.float64)


def strokes(speeds: Values) -> list[slice]:
    """Cut speeds at 100 Hz into strokes: faster than 10 mm/s for at least a quarter second."""
    moving = np.concatenate(([False], speeds > _STILL, [False]))
    edges = np.flatnonzero(np.diff(moving.astype(np.int8)))
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return [slice(a, b) for a, b in pairs if b - a >= _SHORTEST_S * RATE_HZ]
