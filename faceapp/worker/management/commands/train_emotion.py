"""``manage.py train_emotion``: train the emotion network on labeled pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from models.labels import LabelError


class Command(BaseCommand):
    help = "Train the emotion network on FER2013 (with FER+ votes), or on pictures labeled alike. Resumes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--images", type=Path, required=True, help="a ZIP file or folder, or fer2013.csv")
        parser.add_argument("--labels", type=Path, help="CSV (default: labels.csv inside); FER+'s votes of fer2013.csv")
        parser.add_argument("--trunk", type=Path, required=True, help="from models.training.convert_trunk")
        parser.add_argument("--out", type=Path, required=True, help="folder for checkpoint, curves and weights")
        parser.add_argument("--epochs", type=float, default=30)
        parser.add_argument("--rate", type=float, default=6e-4, help="highest learning rate")
        parser.add_argument("--weight-decay", type=float, default=0.02)
        parser.add_argument("--max-steps", type=int, help="end after so many steps")
        parser.add_argument("--save-every", type=int, default=200, help="steps between checkpoints")
        parser.add_argument("--batch", type=int, default=64)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--threads", type=int, default=2)

    def handle(self, *args: Any, **options: Any) -> None:
        import torch

        from models.training.emotion import train_emotion
        from models.training.export import write_weights
        from models.training.loop import TrainingPlan

        torch.set_num_threads(options["threads"])
        out: Path = options["out"]
        out.mkdir(parents=True, exist_ok=True)
        plan = TrainingPlan(
            epochs=options["epochs"], rate=options["rate"], directory=out, max_steps=options["max_steps"],
            save_every=options["save_every"], weight_decay=options["weight_decay"],
        )  # fmt: skip
        try:
            network = train_emotion(
                options["images"], options["trunk"], plan, labels=options["labels"], seed=options["seed"],
                batch=options["batch"],
            )  # fmt: skip
        except (FileNotFoundError, LabelError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{out / 'emotion.safetensors'}: {write_weights(network, 'emotion', out)}")
