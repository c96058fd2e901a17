"""The command for a plan's public picture."""

from pathlib import Path

import click

from bot.cli import Builder, settings_or_exit


@click.command("picture")
@click.argument("number", type=int)
@click.argument(
    "file",
    required=False,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option(
    "--photo",
    type=int,
    help="Which of the author's own photos, from 1, in place of FILE.",
)
@click.option("--remove", is_flag=True, help="Take the picture away again.")
@click.option("--by", default="command line", help="Who makes it public.")
@click.pass_obj
def picture(
    build: Builder,
    number: int,
    file: Path | None,
    photo: int | None,
    *,
    remove: bool,
    by: str,
) -> None:
    """Show FILE (JPEG, PNG or WebP) as the public picture of plan NUMBER.

    It is made small, and position, time and all else that is hidden in it goes. Choose
    one on which nobody can be recognised. A picture that was there before goes.
    """
    from bot.services.desk.public_words import nth_photo, show_photo
    from bot.services.house import Scene
    from bot.services.plan_pictures import remove_picture, show_picture
    from bot.services.plans import PlanRefused, UnknownPlan
    from bot.store.media import MediaUnavailableError

    if [file is not None, photo is not None, remove].count(True) != 1:
        raise click.UsageError("give a FILE, or --remove, or --photo")
    house, told = build(settings_or_exit()), f"Plan {number} has a picture."
    now = house.clock()
    try:
        if file is not None:
            show_picture(house, number, file.read_bytes(), by)
        elif photo is not None:
            show_photo(house, number, nth_photo(house, number, photo), by)
        elif house.db.run(lambda db: remove_picture(Scene(house, db, now), number)):
            told = f"The picture of plan {number} is gone."
        else:
            told = f"Plan {number} has no picture."
    except (UnknownPlan, PlanRefused) as refusal:
        raise click.ClickException(f"{refusal}. Nothing is changed.") from refusal
    except MediaUnavailableError as error:
        raise click.ClickException(
            f"The media store does not answer ({error}). Nothing is changed; try again."
        ) from error
    click.echo(told, err=True)
