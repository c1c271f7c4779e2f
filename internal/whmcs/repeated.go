package whmcs

import (
	"hash/maphash"
	"slices"
)

// repeated finds values that occur more than once among millions, in eight bytes for each. Two values that are not the
// same may seem to be, about never; nothing may break by it.
type repeated struct {
	seed   maphash.Seed
	hashes []uint64
	twice  map[uint64]bool
}

func newRepeated() *repeated { return &repeated{seed: maphash.MakeSeed(), twice: map[uint64]bool{}} }

func (r *repeated) add(value string) { r.hashes = append(r.hashes, maphash.String(r.seed, value)) }

// seal ends the adding.
func (r *repeated) seal() {
	slices.Sort(r.hashes)
	for i := 1; i < len(r.hashes); i++ {
		if r.hashes[i] == r.hashes[i-1] {
			r.twice[r.hashes[i]] = true
		}
	}
	r.hashes = slices.Compact(r.hashes)
}

// has reports whether the value was added.
func (r *repeated) has(value string) bool {
	_, found := slices.BinarySearch(r.hashes, maphash.String(r.seed, value))
	return found
}

// hasTwice reports whether the value was added more than once.
func (r *repeated) hasTwice(value string) bool {
	return len(r.twice) > 0 && r.twice[maphash.String(r.seed, value)]
}

// claims hands out what only one may have: in the source several may say they do, and the target may have some already.
type claims struct {
	source  *repeated
	foreign map[string]bool // in the target, and not from this import
	given   map[string]bool // of those that are repeated
}

func newClaims() *claims {
	return &claims{source: newRepeated(), foreign: map[string]bool{}, given: map[string]bool{}}
}

// take reports whether the value is the caller's: it was free.
func (c *claims) take(value string) bool {
	if c.foreign[value] {
		return false
	}
	if c.source.hasTwice(value) {
		if c.given[value] {
			return false
		}
		c.given[value] = true
	}
	return true
}
