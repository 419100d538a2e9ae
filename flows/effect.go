package flows

// An Effect is what the shell carries out after it stored the new state.
type Effect interface{ effect() }

// Show answers with a page: a press in place, words with a new message.
type Show struct{ Page *Page }

// Hide deletes what the platform lets the bot delete of the private talk, then
// opens Done, or Some when a part could not be deleted.
type Hide struct{ Done, Some Path }

// Forget removes every key of the person at once.
type Forget struct{}

// Count adds one to a daily total. Totals are never kept by person.
type Count struct{ Name string }

func (Show) effect()   {}
func (Hide) effect()   {}
func (Forget) effect() {}
func (Count) effect()  {}
