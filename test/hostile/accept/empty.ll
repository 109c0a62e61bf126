; accept: an empty program
; form: wire

