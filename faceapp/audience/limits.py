"""What the figures cannot say and must not be used for: one text for the About page and for every report."""

from __future__ import annotations

LIMITS = (
    "Faces are counted, not bodies: people who never show a face to the camera are missing.",
    "Age, gender and ethnicity are what a network perceives in pictures. They are not what people say of themselves.",
    "Expressions are what a face shows. They are no measure of what somebody feels, wants or is.",
    "Looking is judged from the direction of the head, not of the eyes, and without knowing where the screen stands.",
    "Small, blurred, dark, covered and strongly turned faces are read badly or not at all; they count as unknown.",
    "Networks err more for some groups than for others. The tables of accuracy a group show how much.",
    "Intervals cover chance in who was seen. They do not cover errors of the networks.",
    "Two people who look very much alike can be joined into one, and one person seen very differently can be split in "
    "two. Both can be corrected by hand, and everything recounts.",
)

NOT_FOR = (
    "identifying people, or finding the same person again in other videos;",
    "decisions about single people: hiring, access, credit, policing, schooling, insurance;",
    "judging emotions of employees, pupils or students, which the EU AI Act (article 5(1)(f)) forbids;",
    "sorting people by ethnicity to decide about them (article 5(1)(g)).",
)

DUTIES = (
    "Say to people that their faces are analysed, where the law asks for it (EU AI Act article 50(3), GDPR article 13, "
    "Illinois BIPA), and have a legal ground to do so.",
    "Switch off what you do not need: what is off in a project is never computed.",
    "Delete videos when their purpose is fulfilled: deleting one removes everything that was made from it.",
    "Report groups, not individuals, and no group under five people.",
)
