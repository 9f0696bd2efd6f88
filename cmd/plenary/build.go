package main

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"io"
	"os"
)

// buildIn is how far into an executable Go's linker puts the identity of the build, in bytes.
const buildIn = 64 << 10

// build is the identity that Go gave this very program, a hash of all that it was made from; "" if it can't be found.
func build() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	file, err := os.Open(path) // #nosec G304 -- the program itself
	if err != nil {
		return ""
	}
	defer func() { _ = file.Close() }()
	head, err := io.ReadAll(io.LimitReader(file, buildIn))
	if err != nil {
		return ""
	}
	_, after, found := bytes.Cut(head, []byte("\xff Go build ID: \""))
	id, _, ended := bytes.Cut(after, []byte("\""))
	if !found || !ended || len(id) > maxBuild {
		return buildNote(file)
	}
	return string(id)
}

// maxBuild is how long an identity may be, in bytes.
const maxBuild = 200

// buildNote is the identity as a note of an ELF file (gABI, "Note Section"). Where a C linker had the last word, as it does when the
// program is built with cgo, C's own code comes first, and the identity may be anywhere in what follows.
func buildNote(file io.ReaderAt) string {
	program, err := elf.NewFile(file)
	if err != nil {
		return ""
	}
	section := program.Section(".note.go.buildid")
	if section == nil {
		return ""
	}
	note, err := section.Data()
	const head = 16 // the sizes of the name and of the identity, the type, and the name: "Go" and two zeros
	if err != nil || len(note) < head || !bytes.Equal(note[12:head], []byte("Go\x00\x00")) {
		return ""
	}
	size := binary.NativeEndian.Uint32(note[4:])
	if size > maxBuild || int(size) > len(note)-head {
		return ""
	}
	return string(note[head : head+size])
}
