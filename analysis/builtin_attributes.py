"""The attributes that ship. Their order is that of results and pages; those of version 1 of the format come first."""

from __future__ import annotations

from analysis.attributes import Attribute, Label, Switch

AGE_GENDER = Switch(
    "age_gender",
    "age and gender",
    "Apparent age and perceived gender",
    "Age in years with an interval. Gender as female, male or unknown.",
    version=1,
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
        version=1,
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
        version=1,
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
        version=1,
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

GAZE = Attribute(
    key="gaze",
    switch=Switch(
        "gaze",
        "gaze",
        "Gaze",
        "Where the eyes look: at the camera, or past it to one side. Attention then goes by the eyes where they can be "
        "read, by the head elsewhere.",
    ),
    kind="labels_over_time",
    source="samples",
    reader="analysis.classify.motion:MotionReader",
    networks=("motion",),
    labels=(
        Label(key="camera", light="#0f7c8b", dark="#4fc3d3"),
        Label(key="left", light="#8a6d1f", dark="#d3b45a", dash="dot"),
        Label(key="right", light="#5b7f2b", dark="#9ccb62", dash="dash"),
        Label(key="up", light="#7a5ab0", dark="#b79be6", dash="longdash"),
        Label(key="down", light="#a2566b", dark="#df93a7", dash="dashdot"),
        Label(key="away", light="#5f6a70", dark="#a0abb0", is_quiet=True),
    ),
    least_confidence=0.4,
    column="looking_by",
    word="gaze",
    term="Gaze",
    short="Gaze",
    plural="gaze",
    meaning="Where the eyes of a face look at each moment: at the camera, left, right, up or down as seen in the "
    "picture, or away. Unknown where the eyes are closed, hidden or too small.",
)

ACTION_UNITS = Attribute(
    key="action_units",
    switch=Switch(
        "action_units",
        "action units",
        "Action units",
        "How strongly single movements of the face are shown, such as a raised brow, against the person's own neutral "
        "face. A movement is not a feeling.",
    ),
    kind="strengths",
    source="samples",
    reader="analysis.classify.motion:MotionReader",
    networks=("motion",),
    labels=tuple(
        Label(key=f"AU{number}", light="#404850", dark="#b4bdbf")
        for number in (1, 2, 4, 5, 6, 7, 9, 12, 15, 17, 20, 25, 26, 45)
    ),
    least_confidence=1.0,
    word="action_unit",
    term="Action units",
    short="Action units",
    plural="action_units",
    meaning="Single movements of the face by the numbers of the Facial Action Coding System, each with a strength from "
    "0 to 5 against the person's own neutral face. 7, 15, 17 and 20 are weak: often missed or seen wrongly.",
)

ATTRIBUTES = (AGE, GENDER, ETHNICITY, EMOTION, ATTENTION, GAZE, ACTION_UNITS)
GENDERS = GENDER.label_keys
ETHNICITIES = ETHNICITY.label_keys
EMOTIONS = EMOTION.label_keys
