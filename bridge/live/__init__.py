"""`doctor --live`: a trial conversation with the configured site, for what no document says.

Every session is a dry run, so nothing is submitted. What is asked, and which setting it decides:

* `ending`: do answers that are not streamed end with END_OF_RESPONSE (nothing to set: both are
  read), and how a dry run ends (`dry_run` of the catalogue's entry);
* `choosing`: is a choice taken by its label, or by its value (WIX_CHOICE);
* `streaming`: whether and how answers are streamed (WIX_STREAMING);
* `paying`: which call gives the payment link (WIX_CHECKOUT).
"""
