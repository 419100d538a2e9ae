package flows

import (
	"time"

	"notalone/i18n"
)

// leastAnswers is from how many answers on a group's result is shown.
const leastAnswers = 5

// closeAfter and closeMinute end a group's quiz, whichever is first. One that
// would be open for less than leastOpen is not asked; set-up offers no hour after
// lastQuiz, so that it can even be asked an hour late.
const (
	closeAfter  = 8 * time.Hour
	closeMinute = 20*60 + 30
	leastOpen   = 30 * time.Minute
	lastQuiz    = 19 * 60
)

// closes is when a quiz that is asked now ends.
func (f *Feed) closes(now time.Time) time.Time {
	local := now.In(f.location())
	at := time.Date(local.Year(), local.Month(), local.Day(), closeMinute/60, closeMinute%60, 0, 0, local.Location())
	if after := now.Add(closeAfter); after.Before(at) {
		return after
	}
	return at
}

// A Tally is how a group did on one question, as a whole.
type Tally struct{ Right, Answers int }

// Due decides what the clock posts to a feed: nothing if it is paused, quiet
// there, too late, another kind's turn, or if the one unasked post of the day was
// made.
func (s *Site) Due(feed Feed, kind DueKind, due, now time.Time, tally Tally, can Can) (Feed, []Effect) {
	late := now.Sub(due) > TooLate || now.Before(due.Add(-TooLate))
	paused := feed.PausedTill > now.Unix()
	t := &turn{site: s, lang: s.feedLang(feed), event: Event{At: now, Seed: feedSeed(feed, now), Shared: !feed.Private, Can: can, Feed: &feed}}
	if kind == DueClose {
		return t.closeRound(feed, tally, late || feed.Quiet(now))
	}
	if late || paused || feed.Quiet(now) || !feed.plans(kind, now) || feed.LastPost == t.feedDay(feed) && kind != DueSummary {
		return feed, nil
	}
	switch kind {
	case DueQuiz:
		return t.postQuiz(feed)
	case DueTip:
		return t.postTip(feed)
	case DuePractice:
		return t.postPractice(feed)
	case DueSummary:
		return t.postSummary(feed)
	default:
		return feed, nil
	}
}

func (s *Site) feedLang(feed Feed) i18n.Lang {
	if s.words.Knows(feed.Lang) {
		return feed.Lang
	}
	return i18n.Fallback
}

// feedSeed differs by day, so that a repeated try of a post picks the same item.
func feedSeed(feed Feed, now time.Time) uint64 {
	return uint64(day(now.In(feed.location())))*0x9E3779B97F4A7C15>>7 + uint64(len(feed.Tips))
}

func (t *turn) feedDay(feed Feed) int32 { return day(t.event.At.In(feed.location())) }

// footed adds to a private post why it comes and how to stop it.
func (t *turn) footed(feed Feed, page *Page) *Page {
	if !feed.Private {
		return page
	}
	own := *page
	own.Fixed = false
	own.Text = i18n.Join(page.Text, t.text("mine.foot"))
	own.Rows = append([][]Button{{t.link("stop/now")}}, page.Rows...)
	if len(own.Rows) > MaxRows {
		own.Rows = append(own.Rows[:MaxRows-1:MaxRows-1], own.Rows[len(own.Rows)-1])
	}
	return &own
}

func (t *turn) posted(feed Feed, page *Page, poll *Poll) (Feed, []Effect) {
	feed.LastPost = t.feedDay(feed)
	feed.Refusals = 0
	return feed, []Effect{Post{Page: t.footed(feed, page), Poll: poll}, Count{Name: "post:" + string(t.lang)}}
}

// postQuiz opens a round: a native poll where the platform has them.
func (t *turn) postQuiz(feed Feed) (Feed, []Effect) {
	question := t.site.QuestionOf(t.event.At.In(feed.location()))
	if question == nil {
		return feed, nil
	}
	if feed.Private {
		page := t.ask1(question, t.text("quiz.today"))
		return t.posted(feed, page, nil)
	}
	closes := feed.closes(t.event.At)
	if closes.Sub(t.event.At) < leastOpen { // too late in the evening to answer it
		return feed, nil
	}
	feed.Round = Round{Question: question.ID, Closes: closes.Unix(), Native: t.event.Can.Has(CanPoll)}
	return t.posted(feed, t.classQuestion(question), t.poll(question, closes))
}

func (t *turn) poll(question *Question, closes time.Time) *Poll {
	if !t.event.Can.Has(CanPoll) {
		return nil
	}
	key := "quiz." + question.ID
	poll := &Poll{
		Question:    short(t.line("quiz.today")+": "+t.line(i18n.Key(key+".ask")), 300),
		Closes:      closes,
		Explanation: short(t.line(i18n.Key(key+".why")), 200),
	}
	for i, choice := range question.Choices {
		poll.Choices = append(poll.Choices, short(t.line(i18n.Key(key+"."+choice)), 100))
		if choice == question.Right {
			poll.Right = i
		}
	}
	return poll
}

// classQuestion is a group's quiz with buttons; each answer is told to that
// person alone.
func (t *turn) classQuestion(question *Question) *Page {
	page := t.ask1(question, t.text("quiz.today"))
	rows := page.Rows[:0:0]
	for _, choice := range question.Choices {
		rows = append(rows, []Button{{Label: t.line(i18n.Key("quiz." + question.ID + "." + choice)), Path: join("class", question.ID, choice)}})
	}
	page.Path, page.Rows = "class/quiz", rows
	return page
}

func (t *turn) postTip(feed Feed) (Feed, []Effect) {
	t.state.Tips = feed.Tips
	page := t.freshTip("", "teen")
	if page == nil {
		return feed, nil
	}
	feed.Tips = t.state.Tips
	return t.posted(feed, page, nil)
}

func (t *turn) postPractice(feed Feed) (Feed, []Effect) {
	var stories []*Scenario
	for i := range t.site.content.Practice {
		if scenario := &t.site.content.Practice[i]; scenario.Topic != "self_harm" && len(scenario.Screens) > 0 { // never unasked
			stories = append(stories, scenario)
		}
	}
	if len(stories) == 0 {
		return feed, nil
	}
	scenario := stories[int(t.feedDay(feed))%len(stories)]
	page := t.screen(scenario, &scenario.Screens[0])
	return t.posted(feed, page, nil)
}

// closeRound tells the right answer and how the group did as a whole. When it
// cannot be told in time, the round is closed in silence.
func (t *turn) closeRound(feed Feed, tally Tally, silent bool) (Feed, []Effect) {
	question := t.site.question(feed.Round.Question)
	feed.Round = Round{}
	if question == nil {
		return feed, nil
	}
	feed.Week = append(feed.Week[:len(feed.Week):len(feed.Week)], Score{Question: question.ID, Right: uint16(tally.Right), Answers: uint16(tally.Answers)})
	if over := len(feed.Week) - 7; over > 0 {
		feed.Week = feed.Week[over:]
	}
	if silent || feed.PausedTill > t.event.At.Unix() {
		return feed, nil
	}
	key := "quiz." + question.ID
	text := i18n.Join(t.text("class.closed"), i18n.Text{{Text: t.line(i18n.Key(key + ".ask")), Style: i18n.Italic}},
		t.text("class.answer", i18n.With("Answer", t.line(i18n.Key(key+"."+question.Right)))), t.text(i18n.Key(key+".why")))
	page := t.page("class/closed", i18n.Join(text, t.together(tally.Right, tally.Answers)))
	return feed, []Effect{Post{Page: page}, Count{Name: "post:" + string(t.lang)}}
}

// postSummary sums the week up on Friday: the whole group, nobody by name.
func (t *turn) postSummary(feed Feed) (Feed, []Effect) {
	week := feed.Week
	feed.Week = nil
	if len(week) == 0 {
		return feed, nil
	}
	page := t.page("class/week", t.week(week))
	return feed, []Effect{Post{Page: page}, Count{Name: "post:" + string(t.lang)}}
}

// week is the text of a week: how the group did and one thing to talk about.
func (t *turn) week(scores []Score) i18n.Text {
	hardest, least := scores[0], 2.0
	for _, score := range scores {
		if share := float64(score.Right) / float64(max(score.Answers, 1)); score.Answers >= leastAnswers && share < least {
			hardest, least = score, share
		}
	}
	text := i18n.Join(t.text("class.week", i18n.Count("N", len(scores))), t.together(whole(scores)))
	if question := t.site.question(hardest.Question); question != nil {
		key := "quiz." + question.ID
		text = i18n.Join(text, t.text("class.talk"), i18n.Text{{Text: t.line(i18n.Key(key + ".ask")), Style: i18n.Italic}}, t.text(i18n.Key(key+".why")))
	}
	return text
}

// Sent notes the platform's id of a post that opened a round.
func (f Feed) Sent(kind DueKind, message string) Feed {
	if kind == DueQuiz {
		f.Round.Message = message
	}
	return f
}

// Skip is a feed whose post is given up: an open round is closed with it.
func (s *Site) Skip(feed Feed, kind DueKind, now time.Time) Feed {
	if kind == DueClose {
		feed.Round = Round{}
	} else {
		feed.LastPost = day(now.In(feed.location()))
	}
	return feed
}

// pausedForEver marks a feed that waits for an admin to mend a permission.
const pausedForEver = int64(1) << 40

// Refused counts a refusal; after the last allowed one the feed is paused until
// an admin opens the set-up, which tells why.
func (s *Site) Refused(feed Feed, kind DueKind, now time.Time, limit int) Feed {
	feed = s.Skip(feed, kind, now)
	feed.Refusals++
	if int(feed.Refusals) >= limit {
		feed.PausedTill = pausedForEver
	}
	return feed
}

// CountVotes makes a tally of button answers.
func (s *Site) CountVotes(id string, counts map[string]int) Tally {
	var tally Tally
	question := s.question(id)
	for choice, n := range counts {
		tally.Answers += n
		if question != nil && choice == question.Right {
			tally.Right += n
		}
	}
	return tally
}

// CountPoll makes a tally of a native poll's votes by choice.
func (s *Site) CountPoll(id string, votes []int) Tally {
	counts := map[string]int{}
	if question := s.question(id); question != nil {
		for i, n := range votes[:min(len(votes), len(question.Choices))] {
			counts[question.Choices[i]] = n
		}
	}
	return s.CountVotes(id, counts)
}
