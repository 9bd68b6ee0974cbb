"""The attributes that ship: age, gender, ethnicity, emotion, attention. Their order is that of results and pages."""

from __future__ import annotations

from analysis.attributes import Attribute, Label, Switch

AGE_GENDER = Switch(
    "age_gender",
    "age and gender",
    "Apparent age and perceived gender",
    "Age in years with an interval. Gender as female, male or unknown.",
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
    meaning="The estimated age of a face in whole years, combined from the clearest images of a person, with a 90 % "
    "interval. It is not the real age.",
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
    meaning="The gender that a network estimates from images of a face. It may differ from how the person identifies.",
)

ETHNICITY = Attribute(
    key="ethnicity",
    switch=Switch(
        "ethnicity",
        "ethnicity",
        "Perceived ethnicity",
        "White, Black, Asian, Indian, Hispanic or unknown. The law protects this data (GDPR, article 9). Switch it on "
        "only if the people shown have agreed or another law allows it.",
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
    meaning="The group that a network assigns to a face. The network was trained on labels given by strangers. It is "
    "not origin, nationality or identity.",
)

EMOTION = Attribute(
    key="emotion",
    switch=Switch(
        "emotion",
        "expressions",
        "Expressions",
        "The expression of a face, second by second. It does not say what a person feels. Not allowed at work and in "
        "schools in the EU.",
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
    term="Expression",
    short="Expression",
    meaning="The expression of a face at each moment. It does not say what the person feels.",
)

ATTENTION = Attribute(
    key="attention",
    switch=Switch(
        "attention",
        "attention",
        "Attention",
        "Whether the head is turned toward the camera.",
    ),
    kind="spells",
    source="pose",
    column="looking",
    word="attention_time",
    term="Time looking at camera",
    short="Attention",
    meaning="How long a watcher looked at the camera. Looks shorter than half a second are not counted. The figure is "
    "the median over watchers, with a 95 % interval by order statistics for six watchers or more.",
)

ATTRIBUTES = (AGE, GENDER, ETHNICITY, EMOTION, ATTENTION)
GENDERS = GENDER.label_keys
ETHNICITIES = ETHNICITY.label_keys
EMOTIONS = EMOTION.label_keys
