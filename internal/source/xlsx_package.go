package source

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/xml"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// Limits on the package that a workbook is.
const (
	maxParts    = 2_000
	maxRatio    = 300       // of what a part unpacks to, where that is more than a MiB
	maxElements = 200_000   // of a part that is kept whole: sheets are not
	maxStrings  = 1_000_000 // elements of the part that has the texts of all cells
)

// checkPackage refuses packages that unpack to more than they may, or are not what they say, before anything is kept of
// them. Sizes are not believed: each part is unpacked once to see.
func checkPackage(data []byte) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return fail(0, "The file is damaged or cut off: it begins as an Excel workbook, but can't be unpacked.")
	}
	if len(z.File) > maxParts {
		return fail(0, "The workbook has %d parts, at most %d can be read.", len(z.File), maxParts)
	}
	type span struct{ from, to int64 }
	var spans []span
	names := map[string]bool{}
	total, declared := int64(0), uint64(0)
	for _, f := range z.File {
		name := strings.ToLower(f.Name)
		if names[name] || strings.Contains(name, "\\") || strings.HasPrefix(name, "/") || path.Clean(name) != strings.TrimSuffix(name, "/") {
			return fail(0, "The workbook has a part %s twice, or under a name that none can have.", quoted(f.Name))
		}
		names[name] = true
		from, err := f.DataOffset()
		if err != nil || f.Flags&1 != 0 || f.CompressedSize64 > uint64(len(data)) {
			return fail(0, "The workbook is damaged or encrypted: save it without a password.")
		}
		spans = append(spans, span{from, from + int64(f.CompressedSize64)}) // #nosec G115 -- at most the length of the file, see above
		if declared += min(f.UncompressedSize64, MaxFile+1); declared > MaxFile {
			return fail(0, "The workbook unpacks to more than %d MiB.", MaxFile>>20)
		}
		n, err := checkPart(f, MaxFile-total)
		if err != nil {
			return err
		}
		total += n
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	for i := 1; i < len(spans); i++ {
		if spans[i].from < spans[i-1].to {
			return fail(0, "The workbook has parts that overlap, which none has that a spreadsheet wrote.")
		}
	}
	if !names["xl/workbook.xml"] {
		return fail(0, "The file is not an Excel workbook in the format .xlsx. Save it as .xlsx, or as .csv.")
	}
	return nil
}

// checkPart unpacks a part to nothing and gives its size.
func checkPart(f *zip.File, limit int64) (int64, error) {
	r, err := f.Open()
	if err != nil {
		return 0, fail(0, "The part %s of the workbook can't be unpacked.", quoted(f.Name))
	}
	defer r.Close()
	look := &markup{xml: strings.HasSuffix(strings.ToLower(f.Name), ".xml") || strings.HasSuffix(strings.ToLower(f.Name), ".rels")}
	n, err := io.Copy(look, io.LimitReader(r, limit+1))
	switch {
	case n > limit:
		return 0, fail(0, "The workbook unpacks to more than %d MiB.", MaxFile>>20)
	case n > 1<<20 && n/maxRatio > int64(f.CompressedSize64): // #nosec G115 -- it was compared with the length of the file
		return 0, fail(0, "The part %s of the workbook unpacks to %d times its size, which no table does.", quoted(f.Name), n/max(1, int64(f.CompressedSize64))) // #nosec G115 -- as above
	case err != nil:
		return 0, fail(0, "The part %s of the workbook is damaged.", quoted(f.Name))
	case look.declares:
		return 0, fail(0, "The part %s of the workbook has a document type declaration, which none has that a spreadsheet wrote.", quoted(f.Name))
	case look.elements > elementsOf(strings.ToLower(f.Name)):
		return 0, fail(0, "The part %s of the workbook has %d elements, at most %d can be read.", quoted(f.Name), look.elements, elementsOf(strings.ToLower(f.Name)))
	}
	return n, nil
}

// elementsOf gives how many elements a part may have. Sheets are read row by row, pictures and the like not at all.
func elementsOf(part string) int {
	switch {
	case strings.HasPrefix(part, "xl/worksheets/"), !strings.HasSuffix(part, ".xml") && !strings.HasSuffix(part, ".rels"):
		return MaxFile
	case part == "xl/sharedstrings.xml":
		return maxStrings
	}
	return maxElements
}

// markup looks at XML as it passes.
type markup struct {
	xml      bool
	tail     []byte
	declares bool // it has a document type declaration
	elements int
}

func (m *markup) Write(p []byte) (int, error) {
	m.elements += bytes.Count(p, []byte("<")) - bytes.Count(p, []byte("</"))
	if m.xml && !m.declares {
		const doctype = "<!DOCTYPE"
		seam := append(m.tail, p[:min(len(p), len(doctype))]...)
		m.declares = bytes.Contains(p, []byte(doctype)) || bytes.Contains(seam, []byte(doctype))
		if len(p) >= len(doctype) {
			seam = p
		}
		m.tail = append([]byte(nil), seam[max(0, len(seam)-len(doctype)+1):]...)
	}
	return len(p), nil
}

// mergedCells gives the cells of the nth sheet that span several rows, by column and row. What says so comes after the
// rows, so that the sheet needs not be read as a whole again.
func mergedCells(f *excelize.File, n int) []merge {
	sheet := sheetPart(f, n)
	at := bytes.LastIndex(sheet, []byte("<mergeCells"))
	if at < 0 {
		return nil
	}
	var merges []merge
	for d := xml.NewDecoder(bytes.NewReader(sheet[at:])); len(merges) < maxRows; {
		token, err := d.Token()
		if err != nil {
			break // also where the element ends that it began in the midst of
		}
		cell, ok := token.(xml.StartElement)
		if !ok || cell.Name.Local != "mergeCell" || len(cell.Attr) == 0 {
			continue
		}
		from, to, _ := strings.Cut(cell.Attr[0].Value, ":")
		column, first, err := excelize.CellNameToCoordinates(from)
		if err != nil || column > maxColumns {
			continue
		}
		if _, last, err := excelize.CellNameToCoordinates(to); err == nil && last > first {
			merges = append(merges, merge{column - 1, first, last})
		}
	}
	slices.SortFunc(merges, func(a, b merge) int { return cmp.Or(a.column-b.column, a.from-b.from) })
	return merges
}

// sheetPart gives the XML of the nth sheet, in the order of the workbook; nil where it is not found.
func sheetPart(f *excelize.File, n int) []byte {
	var book struct {
		Sheets []struct {
			ID string `xml:"id,attr"` // of the relationship; the sheet's own is called sheetId
		} `xml:"sheets>sheet"`
	}
	var links struct {
		List []struct {
			ID     string `xml:"Id,attr"`
			Target string `xml:"Target,attr"`
		} `xml:"Relationship"`
	}
	if xml.Unmarshal(part(f, "xl/workbook.xml"), &book) != nil || xml.Unmarshal(part(f, "xl/_rels/workbook.xml.rels"), &links) != nil || n >= len(book.Sheets) {
		return nil
	}
	for _, link := range links.List {
		if link.ID == book.Sheets[n].ID {
			if target, absolute := strings.CutPrefix(link.Target, "/"); absolute {
				return part(f, target)
			}
			return part(f, path.Join("xl", link.Target))
		}
	}
	return nil
}

// part gives a part of the package as excelize keeps it.
func part(f *excelize.File, name string) []byte {
	kept, _ := f.Pkg.Load(name)
	content, _ := kept.([]byte)
	return content
}
