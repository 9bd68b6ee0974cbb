"""The attributes that ship: age, gender, ethnicity, emotion, attention. Their order is that of results and pages."""

from __future__ import annotations

from analysis.attributes import Attribute, Label, Switch

AGE_GENDER = Switch(
    "age_gender",
    "age and gender",
    "Apparent age and perceived gender",
    "Whole years with an interval; female, male or unknown.",
)

AGE = Attribute(
    key="age",
    switch=AGE_GENDER,
    kind="years",
    source="description",
    reader="analysis.classify.age_gender:AgeGender",
    networks=("trunk", "head_age_gender"),
    column="age_years",
    word="apparent_age",
    term="Apparent age",
    short="Age",
    meaning="The age a face appears to have, in whole years, pooled over the best pictures of a person, with a 90 % "
    "interval. It is not a date of birth.",
)

GENDER = Attribute(
    key="gender",
    switch=AGE_GENDER,
    kind="label",
    source="description",
    reader="analysis.classify.age_gender:AgeGender",
    networks=("trunk", "head_age_gender"),
    labels=(Label(key="female", light="#7b4bc9", dark="#ab86ee"), Label(key="male", light="#2f8f4e", dark="#4fb872")),
    column="female",
    word="perceived_gender",
    term="Perceived gender",
    short="Gender",
    meaning="What a network reads from pictures of a face. It is not what a person says of themselves.",
)

ETHNICITY = Attribute(
    key="ethnicity",
    switch=Switch(
        "ethnicity",
        "ethnicity",
        "Perceived ethnicity",
        "White, Black, Asian, Indian, Hispanic or unknown. The law protects such data (GDPR, article 9): switch it on "
        "only if the people shown have agreed to it, or another law allows it.",
    ),
    kind="label",
    source="description",
    reader="analysis.classify.ethnicity:Ethnicity",
    networks=("trunk", "head_ethnicity"),
    labels=(
        Label(key="White", light="#259ad0", dark="#73b3f3"),
        Label(key="Black", light="#0f8b70", dark="#43d9cd"),
        Label(key="Asian", light="#75217c", dark="#a87fb9"),
        Label(key="Indian", light="#6d61a6", dark="#4a6cc6"),
        Label(key="Hispanic", light="#b66100", dark="#d98b69"),
    ),
    is_sensitive=True,
    word="perceived_ethnicity",
    term="Perceived ethnicity",
    short="Ethnicity",
    plural="ethnicities",
    meaning="The group that a network, trained on labels given by strangers, assigns to a face. It is not origin, "
    "nationality or identity.",
)

EMOTION = Attribute(
    key="emotion",
    switch=Switch(
        "emotion",
        "expressions",
        "Expressions",
        "What a face shows, second by second; not what a person feels. Not allowed at work and in schools in the EU.",
    ),
    kind="labels_over_time",
    source="samples",
    reader="analysis.classify.emotion:Emotion",
    networks=("emotion",),
    labels=(
        Label(key="Angry", light="#c0341d", dark="#ee5038", dash="dash"),
        Label(key="Happy", light="#dc9f1c", dark="#f5c12e", edge="#b07a05", on_light="#15191a"),
        Label(
            key="Neutral",
            light="#404850",
            dark="#b4bdbf",
            dash="longdash",
            is_rest=True,
            is_quiet=True,
        ),
        Label(key="Sad", light="#1a4fae", dark="#4a86e2"),
        Label(key="Surprised", light="#ce61ee", dark="#ea8bf0", on_light="#15191a", dash="dot"),
        Label(key="Other", light="#7d5c56", dark="#a9837c", dash="dashdot", is_quiet=True),
    ),
    display_order=("Happy", "Surprised", "Neutral", "Other", "Sad", "Angry"),
    word="expression",
    term="Expression shown",
    short="Expression",
    meaning="What a face shows, moment by moment. It says nothing about what the person feels.",
)

ATTENTION = Attribute(
    key="attention",
    switch=Switch(
        "attention",
        "attention",
        "Attention",
        "Whether the head is turned towards the camera, which stands for what is looked at.",
    ),
    kind="spells",
    source="pose",
    column="looking",
    word="attention_time",
    term="Attention time",
    short="Attention",
    meaning="The sum of a watcher's looking spells of half a second or longer. Shown is the median over watchers, with "
    "a 95 % interval by order statistics where there are six or more.",
)

ATTRIBUTES = (AGE, GENDER, ETHNICITY, EMOTION, ATTENTION)
GENDERS = GENDER.label_keys
ETHNICITIES = ETHNICITY.label_keys
EMOTIONS = EMOTION.label_keys
