package agenda

import (
	"slices"
	"time"
)

// FileKind says what a File is for.
type FileKind string

// The kinds of File.
const (
	PhotoFile    FileKind = "photo"    // of a Person
	MaterialFile FileKind = "material" // of a Panel
)

// MaxMaterials is how many Materials a Panel may have.
const MaxMaterials = 20

// File is what was uploaded, without its bytes.
type File struct {
	Name          string // random, and what it is asked for by; with an extension
	Kind          FileKind
	MediaType     string
	FileName      string // what it is called when it is saved
	Size          int    // bytes
	SHA256        string // hexadecimal
	Width, Height int    // of a photo, in pixels
	Created       time.Time
}

// Material is a File that belongs to a Panel: slides, a paper.
type Material struct {
	ID        ID
	File      string // name of the File
	Title     string // as whoever uploaded it wrote it, in one language
	FileName  string
	MediaType string
	Size      int  // bytes
	Public    bool // goes into the next Release
	Created   time.Time
}

// Clean tidies what was typed.
func (m *Material) Clean() { m.Title = CleanLine(m.Title) }

// Check says everything that is wrong with the Material at once.
func (m Material) Check() error {
	var f Faults
	if m.Title == "" {
		f.Add("/title", "is needed")
	}
	CheckString(&f, "/title", m.Title, MaxName)
	return f.Err("material")
}

// SameMaterials says whether the public sees the same Materials in both lists.
func SameMaterials(a, b []Material) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].File != b[i].File || a[i].Title != b[i].Title {
			return false
		}
	}
	return true
}

// Files gives the names of the Files that the Snapshot refers to.
func (s *Snapshot) Files() []string {
	var names []string
	for _, p := range s.People {
		if p.Photo != "" {
			names = append(names, p.Photo)
		}
	}
	for _, p := range s.Panels {
		for _, m := range p.Materials {
			names = append(names, m.File)
		}
	}
	return names
}

// WithoutFiles takes away what refers to Files. Other Snapshots that have the same people and Panels keep it.
func (s *Snapshot) WithoutFiles() {
	s.People, s.Panels = slices.Clone(s.People), copied(s.Panels)
	withoutFiles(s.People, s.Panels)
}

// WithoutFiles takes away what refers to Files.
func (d *Draft) WithoutFiles() { withoutFiles(d.People, Pointers(d.Panels)) }

func withoutFiles(people []Person, panels []*Panel) {
	for i := range people {
		people[i].Photo = ""
	}
	for _, p := range panels {
		p.Materials = nil
	}
}
