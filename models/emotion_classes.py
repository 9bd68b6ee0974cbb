"""Names of expressions: FER2013's seven, FER+'s eight, the product's six, and which of the six each belongs to."""

FER2013 = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
FERPLUS = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")
SIX = ("Angry", "Happy", "Neutral", "Sad", "Surprised", "Other")

# disgust, fear and contempt are Other
FER2013_TO_SIX = (0, 5, 5, 1, 3, 4, 2)
FERPLUS_TO_SIX = (2, 1, 4, 3, 0, 5, 5, 5)

# other spellings that are met
EMOTION_NAMES = {
    "anger": "angry", "happiness": "happy", "sadness": "sad", "surprised": "surprise", "disgusted": "disgust",
    "fearful": "fear",
}  # fmt: skip
FERPLUS_NAMES = {"angry": "anger", "happy": "happiness", "sad": "sadness", "surprised": "surprise"}
