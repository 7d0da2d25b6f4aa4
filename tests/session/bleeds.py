"""A procedure in which two vessels bleed by chance, one until it is over, and who plays it."""

from surgisim.trainees import Action, Sight

_EFFECT = """
    effect: {bleed: {vessel: artery, diameter: DIAMETER, pressure: 80 mmHg, source: chosen}}"""

BLEEDS = f"""
surgisim: procedure@1
id: bleeds
title: Two vessels bleed
version: "1.0"
time_limit: 10 s
end_when: trainee.finished
scene:
  anatomy: parametric_liver
  organ: liver
  tissue: liver
  probe: {{shape: sphere, radius: 8 mm, friction: 0.1, source: chosen}}
  limits: {{force: {{value: 3 N, source: chosen}}}}
steps:
  - {{id: wait, title: Wait, done_when: trainee.finished}}
complications:
  - id: first
    title: First vessel
    random: {{p: 1, window: 0.4..0.5 s, source: chosen}}{_EFFECT.replace("DIAMETER", "1 mm")}
    states:
      - {{id: small, until: trainee.finished within 1 s, else: large}}
      - id: large{_EFFECT.replace("DIAMETER", "2 mm").replace("    effect", "        effect")}
        until: trainee.finished within 1 s
        else: end
  - id: second
    title: Second vessel
    random: {{p: 1, window: 0.8..0.9 s, source: chosen}}{_EFFECT.replace("DIAMETER", "1 mm")}
    states:
      - {{id: bleeding, until: trainee.finished}}
scoring:
  pass: {{min: 0, source: chosen}}
  lines:
    - {{id: time, title: Time, metric: time, weight: 50, best: 1 s, worst: 100 s}}
    - {{id: blood, title: Blood, metric: blood.lost, weight: 50, best: 0 mL, worst: 100 mL}}
"""


class Away:
    """Touches nothing and says after six seconds that it has finished."""

    def act(self, sight: Sight) -> Action:
        return Action(finish=sight.time_s > 6.0)
