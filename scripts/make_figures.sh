#!/bin/sh
# Every figure of the cards, measured again with the weights that ship; then the pages made of them.
# Usage: scripts/make_figures.sh PYTHON DATA (the folder whose faces/ holds the data sets)
set -eu
python=$1 faces=$2/faces figures=models/figures
evaluate() { name=$1; shift; "$python" manage.py "$@" --json "$figures/$name.json"; }
evaluate fairface_dev evaluate_faces --images "$faces/fairface_dev.zip"
evaluate utkface_dev evaluate_faces --images "$faces/utkface_dev.zip"
evaluate fer2013_private evaluate_faces --images "$faces/fer2013.zip" --usage private
evaluate emotion_color evaluate_faces --images "$faces/emotion_color.zip"
evaluate emotion_color_detected evaluate_faces --images "$faces/emotion_color.zip" --detect
evaluate lfw_pairs evaluate_embedding --pairs "$faces/lfw_pairs.zip"
evaluate detection_wider compare_detectors --images "$faces/detection_wider.zip" --no-picture
evaluate videos evaluate_people --videos "$2/videos"
evaluate networks_cost benchmark --networks
"$python" -m models.card_pages
