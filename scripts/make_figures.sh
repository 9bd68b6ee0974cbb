#!/bin/sh
# Measures every figure of the model cards with the shipped weights, then writes the pages.
# Usage: scripts/make_figures.sh PYTHON DATA (the folder whose faces/ and videos/ hold the data sets)
# Figures that were measured with these weights are kept; ALL=1 measures them again.
set -eu
python=$1 faces=$2/faces figures=models/figures
is_current() { "$python" -c "import sys; from models.cards import is_current; sys.exit(not is_current('$1'))"; }
measure() {
    name=$1
    shift
    if [ -z "${ALL:-}" ] && is_current "$name"; then
        echo "$name: measured with these weights"
    else
        echo "$name …"
        "$python" manage.py "$@" --json "$figures/$name.json"
    fi
}
measure fairface_dev evaluate_faces --images "$faces/fairface_dev.zip"
measure utkface_dev evaluate_faces --images "$faces/utkface_dev.zip"
measure fer2013_private evaluate_faces --images "$faces/fer2013.zip" --usage private
measure emotion_color evaluate_faces --images "$faces/emotion_color.zip"
measure emotion_color_detected evaluate_faces --images "$faces/emotion_color.zip" --detect
measure videos_acted evaluate_expressions --videos "$2/videos_acted"
measure ckplus_au evaluate_action_units --images "$faces/ckplus_au_dev.zip"
measure gaze_camera evaluate_attention --images "$faces/gaze_camera_dev.zip"
measure lfw_pairs evaluate_embedding --pairs "$faces/lfw_pairs.zip"
measure videos evaluate_people --videos "$2/videos"
measure tracking evaluate_tracking --data "$2"
measure networks_cost benchmark --networks
measure detection_wider compare_detectors --images "$faces/detection_wider.zip" --no-picture
"$python" -m models.card_pages
