"""Drawing any text without the fonts of the machine: in reports and in the annotated video."""
