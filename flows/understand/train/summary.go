package main

import (
	"fmt"
	"sort"
)

type result struct {
	phrase
	z []float64
}

const noneLabel = 20

// summary prints accuracy and what the trade-off curve allows.
func summary(name string, rs []result) {
	if len(rs) == 0 {
		return
	}
	right, crisisRight, crisis := 0, 0, 0
	var nonePU, noneGo []float64
	for _, r := range rs {
		best := argmax(r.z)
		if best == r.label {
			right++
		}
		if r.label < 6 {
			crisis++
			if best == r.label {
				crisisRight++
			}
		}
		if r.label == noneLabel {
			nonePU = append(nonePU, 1-r.z[noneLabel])
			top := 0.0
			for k := range 6 {
				top = max(top, r.z[k])
			}
			noneGo = append(noneGo, top)
		}
	}
	sort.Float64s(nonePU)
	sort.Float64s(noneGo)
	fmt.Printf("%-12s acc %.3f crisis top1 %.3f", name, float64(right)/float64(len(rs)), float64(crisisRight)/float64(crisis))
	for _, fa := range []float64{0.1, 0.15, 0.2} {
		t := nonePU[int(float64(len(nonePU))*(1-fa))]
		reach, sh, shN := 0, 0, 0
		for _, r := range rs {
			if r.label >= 6 {
				continue
			}
			ok := 1-r.z[noneLabel] >= t && rank(r.z, r.label) < 3
			if ok {
				reach++
			}
			if r.label < 2 {
				shN++
				if ok {
					sh++
				}
			}
		}
		fmt.Printf(" | @%.2f (t %.2f) reach %.3f sh+d %.3f", fa, t, float64(reach)/float64(crisis), float64(sh)/float64(shN))
	}
	t := noneGo[int(float64(len(noneGo))*0.97)]
	fmt.Printf(" | go t %.2f\n", t)
}

func argmax(z []float64) int {
	best := 0
	for k := range z {
		if z[k] > z[best] {
			best = k
		}
	}
	return best
}

// rank of a label among the others, none left out.
func rank(z []float64, label int) int {
	n := 0
	for k := range z {
		if k != noneLabel && z[k] > z[label] {
			n++
		}
	}
	return n
}
