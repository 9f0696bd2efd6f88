package app

import "plenary/internal/agenda"

// EnterAs is what follows when a provider has vouched for somebody.
var EnterAs = (*App).enterAs

// Anonymous is who asks from there.
func (f From) Anonymous() agenda.Actor { return f.stranger() }
