package flows

import "notalone/i18n"

func tipsList(t *turn, args []string) *Page {
	var buttons []Button
	for i := range t.site.content.Topics {
		id := t.site.content.Topics[i].ID
		if t.site.tipsOn(id) {
			buttons = append(buttons, t.button(i18n.Key("label.help_"+id), join("tips", id)))
		}
	}
	for _, id := range tipOnlyTopics {
		if t.site.tipsOn(id) {
			buttons = append(buttons, t.link(join("tips", id)))
		}
	}
	return t.listing("tips", args[0], t.text("tips.front"), 2, buttons, t.link("tips/next"))
}

// tipOnlyTopics have tips and questions but no help tree: skills, not trouble.
var tipOnlyTopics = []string{"privacy", "ai", "gaming", "truth", "wellbeing", "friends"}

func (s *Site) tipsOn(topic string) bool {
	for i := range s.content.Tips {
		if s.content.Tips[i].Topic == topic && s.content.Tips[i].For == "teen" {
			return true
		}
	}
	return false
}

func tipsNext(t *turn, _ []string) *Page { return t.freshTip("", "teen") }

// tipsParent and tipsTeacher are the adults' own tips.
func tipsParent(t *turn, _ []string) *Page  { return t.freshTip("", "parent") }
func tipsTeacher(t *turn, _ []string) *Page { return t.freshTip("", "teacher") }

func tipsTopic(t *turn, args []string) *Page {
	if !t.site.tipsOn(args[0]) {
		return nil
	}
	return t.freshTip(args[0], "teen")
}

// freshTip picks one for an audience that this person has not seen lately; an
// empty topic stands for all.
func (t *turn) freshTip(topic, audience string) *Page {
	var fresh, all []*Tip
	for i := range t.site.content.Tips {
		tip := &t.site.content.Tips[i]
		if topic != "" && tip.Topic != topic || tip.For != audience {
			continue
		}
		all = append(all, tip)
		if !seen(t.state.Tips, tip.ID) {
			fresh = append(fresh, tip)
		}
	}
	if len(fresh) == 0 {
		fresh = all
	}
	if len(fresh) == 0 {
		return nil
	}
	tip := fresh[t.event.Seed%uint64(len(fresh))]
	t.state.Tips = remember(t.state.Tips, tip.ID, recentTips)
	return t.tip(tip)
}

func tipPage(t *turn, args []string) *Page {
	for i := range t.site.content.Tips {
		if tip := &t.site.content.Tips[i]; tip.ID == args[0] {
			return t.tip(tip)
		}
	}
	return nil
}

func (t *turn) tip(tip *Tip) *Page {
	again := t.button("again.tips", join("tips", tip.Topic))
	if tip.For != "teen" {
		again = t.link(join("tips", tip.For))
	}
	return t.page(join("tip", tip.ID), t.text(i18n.Key("tip."+tip.ID)),
		[]Button{again, t.link("tips/next")}, []Button{t.link("tips"), t.link("home")})
}
