package week

import (
	"slices"
	"strings"
	"time"

	"notalone/bot/outbox"
	"notalone/flows"
	"notalone/i18n"
)

// patience is how much later than due a post may be after kills and outages; the
// clock itself gives up after two hours.
const patience = 30 * time.Minute

// A ledger holds the posts that arrived, by what they should be.
type ledger map[slot][]*post

func (w *Week) ledger() ledger {
	l := ledger{}
	for _, p := range w.platforms {
		for _, arrived := range p.posts {
			s := arrived.member.slot(arrived.kind, arrived.at)
			l[s] = append(l[s], arrived)
		}
	}
	return l
}

// check compares what arrived with what should have.
func (w *Week) check() {
	l := w.ledger()
	expected, end := map[slot]bool{}, w.till().Add(-patience)
	for _, m := range w.members {
		var closings []time.Time
		for _, d := range m.duties(w.From, end) {
			s := m.slot(d.kind, d.due)
			expected[s] = true
			made := w.once(l, s, d.due)
			if d.kind != flows.DueQuiz || m.feed.Private {
				continue
			}
			asked := d.due
			if made != nil {
				asked = made.at
			}
			if closing := m.closing(asked); closing.Before(end) {
				expected[m.slot(flows.DueClose, closing)] = true
				closings = append(closings, closing)
				w.checkClosing(w.once(l, m.slot(flows.DueClose, closing), closing), made)
			}
		}
		for _, friday := range m.fridays(w.From, end) {
			week := func(at time.Time) bool { return at.Before(friday) && at.After(friday.AddDate(0, 0, -7)) }
			if slices.ContainsFunc(closings, week) {
				expected[m.slot(flows.DueSummary, friday)] = true
				w.once(l, m.slot(flows.DueSummary, friday), friday)
			}
		}
	}
	w.checkRest(l, expected, end)
}

// once checks that a post was made once, and in time; it returns it.
func (w *Week) once(l ledger, s slot, due time.Time) *post {
	made := l[s]
	switch {
	case len(made) > 1:
		w.breaks("%s: %s on %s was posted %d times", s.member.name, s.kind, s.day, len(made))
	case len(made) == 0 && w.Kills: // as many are missing as are in doubt, at most
		w.doubts[s.member.place.Platform()]++
	case len(made) == 0:
		w.breaks("%s: %s on %s is missing", s.member.name, s.kind, s.day)
	case made[0].at.Before(due.Add(-step)) || made[0].at.After(due.Add(patience)):
		w.breaks("%s: %s due at %v was posted at %v", s.member.name, s.kind, due, made[0].at)
	default:
		w.latest = max(w.latest, made[0].at.Sub(due))
		return made[0]
	}
	return nil
}

// checkClosing checks that the right answer and the right count were told.
func (w *Week) checkClosing(closing, quiz *post) {
	if closing == nil || quiz == nil {
		return
	}
	question := w.questionOf(quiz)
	if question == nil {
		return
	}
	m, text := quiz.member, closing.page.Text.Plain()
	says := func(line string) bool { return line != "" && strings.Contains(text, line) }
	if answer := w.Site.Words().Line(m.feed.Lang, i18n.Key("quiz."+question.ID+"."+question.Right)); !says(answer) {
		w.breaks("%s: the closing on %v does not tell the right answer", m.name, closing.at)
	}
	right, all := 0, 0
	for i, n := range quiz.votes {
		all += n
		if question.Choices[i] == question.Right {
			right += n
		}
	}
	together := w.Site.Words().Text(m.feed.Lang, "class.together", i18n.Count("Right", right), i18n.Count("All", all)).Plain()
	switch {
	case all < 5 && says(together):
		w.breaks("%s: a count of %d answers is shown on %v", m.name, all, closing.at)
	case all >= 5 && !says(together) && quiz.poll != nil && w.Kills:
		w.uncounted++ // the count was told to a process that died, or the quiz was in doubt
	case all >= 5 && !says(together):
		w.breaks("%s: %d of %d is not told on %v", m.name, right, all, closing.at)
	}
}

// checkRest looks for what should not have been posted at all, or not then.
func (w *Week) checkRest(l ledger, expected map[slot]bool, end time.Time) {
	for s, made := range l {
		for _, p := range made {
			local := p.at.In(s.member.zone)
			if minute := local.Hour()*60 + local.Minute(); minute < 7*60 || minute >= 21*60 {
				w.breaks("%s: %s was posted in quiet hours, at %v", s.member.name, s.kind, local)
			}
			if !expected[s] && p.at.Before(end) {
				w.breaks("%s: %s was posted at %v and nothing asked for it", s.member.name, s.kind, local)
			}
			if s.member.feed.Private && !slices.Contains(p.page.Links(), "stop/now") {
				w.breaks("%s: %s cannot be stopped by a tap", s.member.name, s.kind)
			}
		}
	}
	for _, p := range w.platforms {
		for m, n := range p.refused {
			if n > 3 && !w.Kills || n > 10 { // a process may die before it has counted
				w.breaks("%s: the bot was refused %d times and went on", m.name, n)
			}
			if told := p.told[m]; told > 1 || !w.Kills && told != n/3 {
				w.breaks("%s: an admin was told %d times of %d refusals", m.name, told, n)
			}
		}
	}
	for _, p := range w.platforms {
		if most := w.outcomes[p.name][outbox.Uncertain]; w.doubts[p.name] > most || !w.Kills && most > 0 {
			w.breaks("%d posts are missing with %s, %d are in doubt", w.doubts[p.name], p.name, most)
		}
	}
}
