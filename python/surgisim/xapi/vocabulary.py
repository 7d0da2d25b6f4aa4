"""The identifiers of statements: verbs, types of activities, extensions.

Verbs that others have defined are used as they are: those of ADL and of cmi5, and those of the
virtual patient profile of MedBiquitous for complications. What nobody has defined is ours, in an
experimental namespace, and `profile` publishes it.
"""

from typing import Any

from surgisim.xapi.statement import Activity, Definition, Verb

__all__ = ["ACTIVITY_TYPES", "EXTENSIONS", "OWN", "VERBS", "activity", "profile", "step_of"]

OWN = "urn:x-surgisim:"
_ADL = "http://adlnet.gov/expapi/"

_VERB_IRIS = {
    "initialized": f"{_ADL}verbs/initialized",
    "completed": f"{_ADL}verbs/completed",
    "passed": f"{_ADL}verbs/passed",
    "failed": f"{_ADL}verbs/failed",
    "scored": f"{_ADL}verbs/scored",
    "terminated": f"{_ADL}verbs/terminated",
    "attempted": f"{_ADL}verbs/attempted",
    "mistook": f"{OWN}verb:mistook",
    "met": f"{OWN}verb:met",
    "resolved": f"{OWN}verb:resolved",
    "ignored": "https://w3id.org/xapi/virtual-patient/verbs/ignored",
}
VERBS: dict[str, Verb] = {
    name: Verb(id=iri, display={"en": name}) for name, iri in _VERB_IRIS.items()
}
"""By the word that people read."""

ACTIVITY_TYPES = {
    "procedure": f"{_ADL}activities/simulation",
    "step": f"{_ADL}activities/objective",
    "mistake": f"{OWN}type:mistake",
    "complication": f"{OWN}type:complication",
}

EXTENSIONS = {
    "metrics": f"{OWN}extension:metrics",
    "version": f"{OWN}extension:version",
    "seed": f"{OWN}extension:seed",
    "device": f"{OWN}extension:device",
    "severity": f"{OWN}extension:severity",
    "cause": f"{OWN}extension:cause",
    "time_s": f"{OWN}extension:time_s",
}
"""`time_s` is the second of the session's replay."""

_MEANINGS = {
    f"{OWN}verb:mistook": "made a mistake that the procedure names",
    f"{OWN}verb:met": "met a complication: it began",
    f"{OWN}verb:resolved": "brought a complication to its end",
    ACTIVITY_TYPES["mistake"]: "a mistake that a procedure names",
    ACTIVITY_TYPES["complication"]: "something that goes wrong in a procedure, by cause or chance",
    EXTENSIONS["metrics"]: "measures of a session by name, each with a value and an SI unit",
    EXTENSIONS["version"]: "version of the procedure",
    EXTENSIONS["seed"]: "number that decided all that chance decides",
    EXTENSIONS["device"]: "what was in the hand",
    EXTENSIONS["severity"]: "minor, major or critical",
    EXTENSIONS["cause"]: "what began it: chance, or the condition that held",
    EXTENSIONS["time_s"]: "second of the session's replay at which it happened",
}


def activity(kind: str, identity: str, title: str) -> Activity:
    """Make an activity of a kind in `ACTIVITY_TYPES`; `identity` is unique among its kind."""
    definition = Definition(type=ACTIVITY_TYPES[kind], name={"en": title})
    return Activity(id=f"{OWN}{kind}:{identity}", definition=definition)


def step_of(procedure: str, part: str) -> str:
    """Join a procedure's identity and the id of a part of it."""
    return f"{procedure}:{part}"


def _kind(iri: str) -> str:
    """Say what a concept of ours is, in the words of xAPI profiles."""
    kinds = {"verb": "Verb", "type": "ActivityType", "extension": "ContextExtension"}
    of_results = {EXTENSIONS[name] for name in ("metrics", "severity", "cause")}
    return "ResultExtension" if iri in of_results else kinds[iri.removeprefix(OWN).split(":")[0]]


def profile() -> dict[str, Any]:
    """Return our own concepts as an xAPI profile (JSON-LD)."""
    concepts = [
        {
            "id": iri,
            "type": _kind(iri),
            "inScheme": f"{OWN}profile:1",
            "prefLabel": {"en": iri.split(":")[-1]},
            "definition": {"en": meaning},
        }
        for iri, meaning in _MEANINGS.items()
    ]
    return {
        "@context": "https://w3id.org/xapi/profiles/context",
        "id": f"{OWN}profile",
        "type": "Profile",
        "conformsTo": "https://w3id.org/xapi/profiles#1.0",
        "prefLabel": {"en": "surgisim"},
        "definition": {"en": "What surgical training in a simulator is told with."},
        "author": {"type": "Organization", "name": "surgisim"},
        "versions": [{"id": f"{OWN}profile:1", "generatedAtTime": "2026-11-30T00:00:00Z"}],
        "concepts": concepts,
    }
