form-secure = Sicheres Formular
form-for = Für <strong>{ $agent }</strong> bei { $brand }
form-from = Von <strong>{ $agent }</strong> bei { $brand }
form-reference = Kennzeichen <strong>{ $reference }</strong>
form-close = Formular schließen
form-back = Zurück zum Chat
form-footer = Nichts, was Sie hier eingeben, wird im Chat gespeichert.
form-footer-code = Die Kartenprüfnummer wird niemals aufbewahrt.
form-privacy = Datenschutzerklärung
form-contact = { $brand } kontaktieren
form-minutes = { $count ->
    [one] { $shown } Minute
   *[other] { $shown } Minuten
 }
form-safe = <strong>Direkt in den Datentresor von { $brand }.</strong> Der Chat kann nicht mitlesen, was Sie hier eingeben.
form-minutes-left = { $count ->
    [one] Noch { $shown } Minute
   *[other] Noch { $shown } Minuten
 }
form-seconds-left = { $count ->
    [one] Noch { $shown } Sekunde
   *[other] Noch { $shown } Sekunden
 }
form-soon = Senden Sie vorher ab, oder bitten Sie { $agent } um ein neues Formular.
form-optional = (freiwillig)
form-show = Anzeigen
form-hide = Verbergen
form-send = Verschlüsselt übermitteln
form-decline = Ich möchte diese Angaben nicht machen
form-problems = { $count ->
    [one] { $shown } Angabe ist zu berichtigen
   *[other] { $shown } Angaben sind zu berichtigen
 }
form-problem-line = { $label }: { $problem }
form-problem-missing = Bitte füllen Sie dieses Feld aus.
form-problem-card-short = Es fehlen Ziffern. Die Nummern von { $card } haben { $shown } Ziffern.
form-problem-expiry-past = Die Gültigkeitsdauer dieser Karte ist abgelaufen. Bitte prüfen Sie das Datum oder verwenden Sie eine andere Karte.
form-device = Bereits auf einem anderen Gerät geöffnet
form-sent = An { $agent } übermittelt
viewer-reveal = Entschlüsseln und anzeigen
viewer-hide = Verbergen
viewer-done = Fertig
viewer-gone-in = Verschwindet in { $shown }
