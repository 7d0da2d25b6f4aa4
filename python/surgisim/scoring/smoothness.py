"""How smooth a movement is: spectral arc length and log dimensionless jerk.

Spectral arc length (SPARC; Balasubramanian, Melendez-Calderon, Roby-Brami, Burdet 2015,
J NeuroEng Rehabil 12:112), of a speed profile v(t):

    SPARC = - integral over [0, wc] of sqrt( (1 / wc)^2 + (dV / dw)^2 ) dw,   V = |FFT v| / max

where wc is the highest frequency up to 10 Hz whose amplitude still reaches 0.05 of the largest,
and the spectrum is that of v padded with zeros to 2^4 times the next power of two.

Log dimensionless jerk (LDLJ; the same, and Hogan and Sternad 2009, J Mot Behav 41:529):

    LDLJ = -ln( T^3 / vmax^2  integral of (d2v / dt2)^2 dt )

with T the duration. Both are dimensionless, negative, and nearer to zero where smoother.

Motion smoothness as laparoscopic trainers report it (Cotin et al. 2002, MICCAI, LNCS 2488:35; made
dimensionless with the length L of the path, as Chmarra et al. 2010, Surg Endosc 24:1031):

    J = sqrt( T^5 / (2 L^2)  integral of |d3p / dt3|^2 dt )

It is positive, and smaller where smoother: sqrt(360) = 18.97 for a straight minimum-jerk stroke,
18.05 for one of a second at 100 Hz.

**Rate.** All three depend on the rate of sampling (a minimum-jerk stroke has an LDLJ of -5.3016 at
100 Hz, -5.3200 at 1 kHz, -5.3220 in the limit), so that a session is brought to 100 Hz before it is
scored: `low_pass` (Butterworth, order 2, 10 Hz, forwards and backwards: no delay), then `at_rate`,
which takes every tenth of a thousand samples a second, and interpolates by a cubic spline where the
rate is no whole multiple of 100 Hz (a straight line would put corners into the speed). Valid for
sessions of at least 100 Hz. They are defined for one movement: a session is cut into strokes at its
pauses, and the strokes are scored.
"""

import math

import numpy as np
from numpy.typing import NDArray

from surgisim.scoring.runs import runs

__all__ = [
    "RATE_HZ",
    "at_rate",
    "cotin_jerk",
    "ldlj",
    "low_pass",
    "resample",
    "sparc",
    "speed",
    "strokes",
]

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


def cotin_jerk(positions: Values, rate_hz: float) -> float:
    """Dimensionless jerk of a path, by third differences; infinite for a path of no length.

    Parameters
    ----------
    positions
        At equal steps of time, shape (n, 3), m, n >= 4.
    rate_hz
        Samples a second.

    Raises
    ------
    ValueError
        When there are fewer than 4 samples.
    """
    if positions.ndim != 2 or len(positions) < 4:
        raise ValueError("smoothness needs at least 4 positions")
    duration = (len(positions) - 1) / rate_hz
    length = float(np.linalg.norm(np.diff(positions, axis=0), axis=1).sum())
    if length == 0.0:
        return math.inf
    jerk = np.diff(positions, 3, axis=0) * rate_hz**3
    integral = float(np.sum(jerk**2)) / rate_hz
    return math.sqrt(duration**5 / (2.0 * length**2) * integral)


def low_pass(time_s: Values, values: Values) -> Values:
    """Take out what is faster than 10 Hz, without a shift in time.

    Parameters
    ----------
    time_s
        Rising at equal steps, more than 20 Hz, shape (n,).
    values
        Shape (n,) or (n, k).
    """
    from scipy.signal import butter, sosfiltfilt

    rate_hz = (time_s.size - 1) / float(time_s[-1] - time_s[0])
    sections = butter(2, _CUTOFF_HZ, fs=rate_hz, output="sos")
    reach = min(int(3 * rate_hz / _CUTOFF_HZ), time_s.size - 1)
    return np.asarray(sosfiltfilt(sections, values, axis=0, padlen=reach))


def at_rate(time_s: Values, values: Values) -> tuple[Values, Values]:
    """Take samples at 100 Hz from the first time on.

    Parameters
    ----------
    time_s
        Rising, shape (n,).
    values
        Shape (n,) or (n, k).

    Returns
    -------
    tuple
        Times (m,), s, and values (m,) or (m, k).
    """
    count = math.floor((time_s[-1] - time_s[0]) * RATE_HZ + 1e-6) + 1
    times = time_s[0] + np.arange(count) / RATE_HZ
    nearest = np.clip(np.searchsorted(time_s, times - 1e-6), 0, time_s.size - 1)
    if time_s.size < 2 or np.all(np.abs(time_s[nearest] - times) < 1e-6):
        return times, values[nearest]
    from scipy.interpolate import CubicSpline

    return times, np.asarray(CubicSpline(time_s, values)(times))


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
    return at_rate(time_s, low_pass(time_s, positions))


def speed(positions: Values) -> Values:
    """Speed of positions at 100 Hz, by central differences; shape (n,), m/s."""
    velocity = np.gradient(positions, 1.0 / RATE_HZ, axis=0)
    return np.asarray(np.linalg.norm(velocity, axis=1), dtype=np.float64)


def strokes(speeds: Values) -> list[slice]:
    """Cut speeds at 100 Hz into strokes: faster than 10 mm/s for at least a quarter second."""
    least = _SHORTEST_S * RATE_HZ
    return [slice(a, b) for a, b in runs(speeds > _STILL) if b - a >= least]
