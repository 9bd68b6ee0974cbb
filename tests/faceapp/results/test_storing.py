"""A result is stored once, whole, and says what the JSON says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from analysis.serialize import FormatError, to_json
from faceapp.results import services
from faceapp.results.assembled import read_assembled
from faceapp.results.models import Person, Timeline, Track
from faceapp.results.selectors import people_of
from faceapp.results.services import store_result
from faceapp.runs.models import Run
from faceapp.runs.services import cancel_run


def test_rows_files_and_state_come_together(finished_run, scene_result):
    assert finished_run.state == Run.State.SUCCEEDED
    assert finished_run.finished_at
    assert finished_run.device == "cpu, openvino, f32"
    assert finished_run.weights == {"mtcnn": {"version": "1", "sha256": "f" * 64}}
    assert finished_run.shots == [[0.0, 6.0], [6.0, 12.0]]
    assert finished_run.result_file.open().read() == to_json(scene_result)
    assert Track.objects.count() == Timeline.objects.count() == len(scene_result.tracks)
    assert default_storage.exists(f"portraits/{finished_run.pk}/1-1.jpg")


def test_rows_hold_the_numbers_of_the_json(finished_run, scene_result):
    written = json.loads(to_json(scene_result))
    for person, expected in zip(people_of(finished_run), written["people"], strict=True):
        assert person.person_id == expected["person_id"]
        assert [track.track_id for track in person.tracks] == expected["track_ids"]
        assert person.in_view_s == expected["in_view_s"]
        assert person.attention_s == expected["attention_s"]
        assert person.gender.distribution == expected["gender"]["distribution"]
        assert [person.age.years, person.age.low, person.age.high] == list(expected["age"].values())
        assert person.emotion.shares == expected["emotion"]["shares"]
    for track, expected in zip(finished_run.tracks.all(), written["tracks"], strict=True):
        assert track.timeline.samples == expected["samples"]


def test_storing_twice_changes_nothing(finished_run, scene_result, scene_portraits, assembled):
    n_rows = Person.objects.count(), Track.objects.count(), Timeline.objects.count()
    assert not store_result(run=finished_run, assembled=assembled(scene_result, scene_portraits))
    assert (Person.objects.count(), Track.objects.count(), Timeline.objects.count()) == n_rows
    assert finished_run.result_file.open().read() == to_json(scene_result)


def test_a_late_attempt_is_refused(assembling_run, scene_result, scene_portraits, assembled):
    assembling_run.assembly.attempt = 2
    assembling_run.assembly.save()
    assert not store_result(run=assembling_run, assembled=assembled(scene_result, scene_portraits), attempt=1)
    assert not Person.objects.exists()
    assembling_run.refresh_from_db()
    assert assembling_run.state == Run.State.ASSEMBLING
    assert store_result(run=assembling_run, assembled=assembled(scene_result, scene_portraits), attempt=2)


def test_a_canceled_run_keeps_no_row_and_no_file(assembling_run, scene_result, scene_portraits, assembled):
    assert cancel_run(run=assembling_run)
    assert not store_result(run=assembling_run, assembled=assembled(scene_result, scene_portraits))
    assert not Person.objects.exists()
    assert not default_storage.exists(f"results/{assembling_run.pk}.json")
    assert not default_storage.exists(f"portraits/{assembling_run.pk}")


def test_a_crash_in_the_midst_of_the_rows_leaves_the_run_to_be_assembled_again(
    assembling_run, scene_result, scene_portraits, monkeypatch, assembled
):
    def crash(*_):
        raise RuntimeError("the worker dies here")

    with monkeypatch.context() as patched:
        patched.setattr(services, "_crop_columns", crash)
        with pytest.raises(RuntimeError):
            store_result(run=assembling_run, assembled=assembled(scene_result, scene_portraits))
    assert not Person.objects.exists()
    assembling_run.refresh_from_db()
    assert assembling_run.state == Run.State.ASSEMBLING
    assert store_result(run=assembling_run, assembled=assembled(scene_result, scene_portraits))


def test_the_engines_bytes_are_linked_and_not_written_again(assembling_run, scene_result, assembled):
    left = assembled(scene_result, {(1, 0): b"jpeg"})
    assert store_result(run=assembling_run, assembled=left)
    assert left.json_path.samefile(assembling_run.result_file.path)
    assert left.portraits[1, 0].samefile(default_storage.path(f"portraits/{assembling_run.pk}/1-0.jpg"))


def test_a_disk_without_links_gets_a_copy(assembling_run, scene_result, assembled, monkeypatch):
    def no_links(*_):
        raise OSError("this disk knows no links")

    monkeypatch.setattr("pathlib.Path.hardlink_to", no_links)
    left = assembled(scene_result)
    assert store_result(run=assembling_run, assembled=left)
    assert assembling_run.result_file.open().read() == left.json_path.read_bytes()


def test_storing_the_same_files_again_leaves_no_temporary_one(assembling_run, scene_result, assembled):
    left = assembled(scene_result)
    assert store_result(run=assembling_run, assembled=left)
    assert not store_result(run=assembling_run, assembled=left)
    stored = default_storage.path("results")
    assert [path.name for path in Path(stored).iterdir()] == [f"{assembling_run.pk}.json"]


def test_a_damaged_result_is_not_read(tmp_path):
    (tmp_path / "result.json").write_bytes(b"{}")
    with pytest.raises(FormatError):
        read_assembled(tmp_path)
