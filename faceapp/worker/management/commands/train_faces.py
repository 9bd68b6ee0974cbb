"""``manage.py train_faces``: train age, gender and ethnicity on labeled pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from models.labels import LabelError


class Command(BaseCommand):
    help = "Train trunk and heads for age, gender and ethnicity on FairFace, or on pictures labeled alike. Resumes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--images", type=Path, required=True, help="a ZIP file or a folder of face crops")
        parser.add_argument("--labels", type=Path, help="CSV (default: labels.csv inside)")
        parser.add_argument("--packed", type=Path, help="the same pictures, packed as one .npy, for instance larger")
        parser.add_argument("--trunk", type=Path, required=True, help="from models.training.convert_trunk")
        parser.add_argument("--out", type=Path, required=True, help="folder for checkpoint, curves and weights")
        parser.add_argument("--epochs", type=float, default=7)
        parser.add_argument("--rate", type=float, default=6e-4, help="highest learning rate of the trunk")
        parser.add_argument("--weight-decay", type=float, default=0.02)
        parser.add_argument("--frozen", type=int, default=3, help="blocks that are not trained; -1 trains all")
        parser.add_argument("--side", type=int, default=192, help="pixels of a crop's side")
        parser.add_argument("--from-shipped", action="store_true", help="start from the weights that ship")
        parser.add_argument("--weighting", choices=("equal", "fixed", "dynamic"), default="equal")
        parser.add_argument("--max-steps", type=int, help="end after so many steps")
        parser.add_argument("--save-every", type=int, default=200, help="steps between checkpoints")
        parser.add_argument("--batch", type=int, default=64)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--threads", type=int, default=2)

    def handle(self, *args: Any, **options: Any) -> None:
        import torch

        from models.training.export import write_weights
        from models.training.faces import train_faces
        from models.training.identity import train_experts
        from models.training.loop import TrainingPlan

        torch.set_num_threads(options["threads"])
        out: Path = options["out"]
        out.mkdir(parents=True, exist_ok=True)
        plan = TrainingPlan(
            epochs=options["epochs"], rate=options["rate"], directory=out, max_steps=options["max_steps"],
            save_every=options["save_every"], weight_decay=options["weight_decay"],
        )  # fmt: skip
        try:
            networks = train_faces(
                options["images"], options["trunk"], plan, labels=options["labels"], packed=options["packed"],
                weighting=options["weighting"], n_frozen=options["frozen"], seed=options["seed"],
                batch=options["batch"], side_px=options["side"], from_shipped=options["from_shipped"],
            )  # fmt: skip
            train_experts(networks.paired_branches, options["images"], out, labels=options["labels"],
                          packed=options["packed"], seed=options["seed"])  # fmt: skip
        except (FileNotFoundError, LabelError) as error:
            raise CommandError(str(error)) from error
        parts = {"trunk": networks.trunk, "head_age_gender": networks.age_gender, "head_ethnicity": networks.ethnicity}
        for name, module in parts.items():
            self.stdout.write(f"{out / name}.safetensors: {write_weights(module, name, out)}")
