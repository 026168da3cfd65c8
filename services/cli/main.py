"""`yungong`: the command line. One file per command; this one only puts them together."""

import typer

from services.cli import (
    access,
    audit,
    candidates,
    dead_letters,
    doctor,
    erasures,
    evaluate,
    exports,
    figures,
    followups,
    import_review,
    imports,
    index,
    migrate,
    openings,
    privacy,
    proposals,
    relay,
    republish,
    search,
    serve,
    status,
    subject,
    understand,
    up,
    vault,
)

app = typer.Typer(
    name="yungong",
    help="云工：登记劳动力和岗位，为岗位找人，为人找岗位，并说明理由。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # they may hold personal data
    rich_markup_mode="rich",
)
app.command("up")(up.up)
app.add_typer(imports.commands, name="import")
imports.commands.command("confirm")(import_review.confirm)
imports.commands.command("differences")(import_review.differences)
imports.commands.command("decide")(import_review.decide)
imports.commands.command("template")(import_review.template)
app.add_typer(exports.commands, name="export")
app.add_typer(followups.commands, name="followups")
app.command("statistics")(figures.statistics)
app.command("quality")(figures.quality)
app.command("candidates")(candidates.candidates)
app.command("openings")(openings.openings)
app.command("understand")(understand.understand)
app.command("check")(understand.check)
app.add_typer(search.commands, name="search")
app.command("proposals")(proposals.proposals)
app.command("status")(status.status)
app.command("evaluate")(evaluate.evaluate)
app.command("doctor")(doctor.doctor)
app.command("migrate")(migrate.migrate)
app.command("serve")(serve.serve)
app.command("relay")(relay.relay)
app.command("republish")(republish.republish)
app.add_typer(index.commands, name="index")
app.add_typer(access.commands, name="access")
app.add_typer(dead_letters.commands, name="dead-letters")
app.add_typer(vault.commands, name="vault")
app.add_typer(subject.commands, name="subject")
app.add_typer(erasures.commands, name="erasures")
app.add_typer(audit.commands, name="audit")
app.add_typer(privacy.commands, name="privacy")


def main() -> None:
    """The console script."""
    app()
