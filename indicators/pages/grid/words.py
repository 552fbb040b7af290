"""The words of the grid's script, in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _


def grid_words() -> dict[str, str]:
    """Every text that the script shows; %n stands for a number."""
    return {
        "saved": _("All saved."),
        "saving": _("Saving…"),
        "unsaved": _("%n cells are not saved yet."),
        "offline": _("No connection: nothing is lost, saving goes on once it is back."),
        "failed": _("The server could not save: nothing is lost. Save again in a while."),
        "signed_out": _("You are signed out: sign in in another tab, then save again."),
        "conflict": _("Somebody else changed these cells meanwhile. Choose what stays."),
        "yours": _("Yours"),
        "theirs": _("Stored"),
        "keep_yours": _("Keep mine"),
        "take_theirs": _("Take the stored one"),
        "restored": _("%n cells that were not saved last time are kept in this browser."),
        "closed_drafts": _(
            "%n cells that were not saved belong to months that are closed by now. They stay in"
            " this browser until you throw them away:"
        ),
        "restore": _("Put them back"),
        "discard": _("Throw them away"),
        "invalid": _("Not saved: mend the marked cells."),
        "locked": _("This cell is closed."),
        "leave": _("There are cells that are not saved."),
        "undo_done": _("Undone."),
        "redo_done": _("Done again."),
        "nothing_to_undo": _("There is nothing to undo."),
        "nothing_to_redo": _("There is nothing to do again."),
        "pasted": _("%n cells pasted."),
        "reading": _("Reading the block…"),
        "not_pasted": _("Nothing was pasted."),
        "skipped_locked": _("%n closed cells left out."),
        "emptied": _("%n stored figures emptied:"),
        "held": _("%n cells wait until then, those of the same paste among them."),
        "comma": _(", "),
        "copied": _("%n cells copied."),
        "filled": _("Filled."),
        "note": _("Note and evidence"),
        "note_label": _("Note: why is the figure as it is?"),
        "evidence_label": _("Evidence: address of the source"),
        "evidence_file": _("or a file as evidence (PDF, picture, office document)"),
        "history": _("History"),
        "close": _("Close"),
        "save_note": _("Keep the note"),
        "state_draft": _("draft"),
        "state_submitted": _("submitted"),
        "state_approved": _("approved"),
        "unsaved_cell": _("not saved yet"),
        "reason_needed": _("Say why before you save."),
    }
