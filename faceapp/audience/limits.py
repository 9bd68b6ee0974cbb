"""What the figures cannot say and must not be used for: one text for the About page and for every report."""

from __future__ import annotations

LIMITS = (
    "Faces are counted, not bodies. People who never show their face to the camera are not counted.",
    "Age, gender and ethnicity are estimates from images. They may differ from how people describe themselves.",
    "An expression is what a face shows. It does not measure what a person feels, wants or is.",
    "Looking is estimated from the direction of the head; while gaze is on, from the eyes where they can be read. The "
    "position of the screen is not known.",
    "Small, blurred, dark, covered and turned faces are analyzed poorly or not at all. They count as unknown.",
    "Networks make more errors for some groups than for others. The accuracy tables show how many per group.",
    "Intervals cover the chance in who was seen. They do not cover errors of the networks.",
    "Two people who look alike can be merged into one, and one person can be split into two. You can correct both by "
    "hand, and all figures update.",
)

NOT_FOR = (
    "identifying people, or finding the same person in other videos;",
    "decisions about individuals: hiring, access, credit, policing, schooling, insurance;",
    "judging emotions of employees or students, which the EU AI Act forbids (article 5(1)(f));",
    "sorting people by ethnicity to make decisions about them (article 5(1)(g)).",
)

DUTIES = (
    "Tell people that their faces are analyzed where the law requires it (EU AI Act article 50(3), GDPR article 13, "
    "Illinois BIPA), and have a legal basis.",
    "Switch off what you do not need. Anything switched off in a project is never computed.",
    "Delete videos when you no longer need them. All their results are deleted with them.",
    "Report groups, not individuals, and no group of fewer than five people.",
)
