package media

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"iter"

	"golang.org/x/image/webp"
)

// pictureFormat is a format of pictures that is read.
type pictureFormat struct {
	name      string // as it is called in sentences
	mediaType string
	extension string
	begins    func([]byte) bool
	config    func([]byte) (image.Config, error) // without decoding it
	decode    func(io.Reader) (image.Image, error)
	exif      func([]byte) []byte // what it has of EXIF: a TIFF, or nothing
}

var pictureFormats = []pictureFormat{
	{"JPEG", "image/jpeg", ".jpg", startsWith("\xff\xd8\xff"), jpegConfig, jpeg.Decode, jpegEXIF},
	{"PNG", "image/png", ".png", startsWith(pngMagic), pngConfig, png.Decode, pngEXIF},
	{"WebP", "image/webp", ".webp", isWebP, webpConfig, webp.Decode, webpEXIF},
}

const pngMagic = "\x89PNG\r\n\x1a\n"

// pictureOf tells a picture by its first bytes.
func pictureOf(data []byte) (pictureFormat, bool) {
	for _, f := range pictureFormats {
		if f.begins(data) {
			return f, true
		}
	}
	return pictureFormat{}, false
}

func startsWith(magic string) func([]byte) bool {
	return func(data []byte) bool { return bytes.HasPrefix(data, []byte(magic)) }
}

func isWebP(data []byte) bool {
	return len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP"
}

// webpChunks gives the chunks of a WebP by their names.
func webpChunks(data []byte) iter.Seq2[string, []byte] {
	return func(yield func(string, []byte) bool) {
		for at := 12; at+8 <= len(data); {
			size := int64(binary.LittleEndian.Uint32(data[at+4:]))
			end := int64(at) + 8 + size
			if end > int64(len(data)) || !yield(string(data[at:at+4]), data[at+8:end]) {
				return
			}
			at = int(end + size&1)
		}
	}
}

// exifMark begins the segment of a JPEG that has the EXIF.
const exifMark = "Exif\x00\x00"

// jpegEXIF looks through the segments before the picture (ITU T.81, B.1.1.4).
func jpegEXIF(data []byte) []byte {
	for at := 2; at+4 <= len(data) && data[at] == 0xff; {
		marker, size := data[at+1], int(binary.BigEndian.Uint16(data[at+2:]))
		if marker == 0xff { // a fill byte
			at++
			continue
		}
		if marker == 0xda || size < 2 || at+2+size > len(data) {
			return nil
		}
		segment := data[at+4 : at+2+size]
		if marker == 0xe1 && bytes.HasPrefix(segment, []byte(exifMark)) {
			return segment[len(exifMark):]
		}
		at += 2 + size
	}
	return nil
}

// pngEXIF looks for the chunk eXIf (PNG, third edition, 11.3.3.5).
func pngEXIF(data []byte) []byte {
	for at := len(pngMagic); at+12 <= len(data); {
		size := int64(binary.BigEndian.Uint32(data[at:]))
		end := int64(at) + 12 + size
		if end > int64(len(data)) {
			return nil
		}
		if string(data[at+4:at+8]) == "eXIf" {
			return data[at+8 : at+8+int(size)]
		}
		at = int(end)
	}
	return nil
}

func webpEXIF(data []byte) []byte {
	for kind, chunk := range webpChunks(data) {
		if kind == "EXIF" {
			return bytes.TrimPrefix(chunk, []byte(exifMark))
		}
	}
	return nil
}

// orientationTag is where EXIF says how a picture lies.
const orientationTag = 0x0112

// orientation reads the tag from the first directory of a TIFF; 0 where there is none, or it makes no sense.
func orientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.LittleEndian
	if tiff[0] == 'M' {
		order = binary.BigEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at < 8 || at+2 > int64(len(tiff)) {
		return 0
	}
	entries := int64(order.Uint16(tiff[at:]))
	for i := range entries {
		from := at + 2 + 12*i
		if from+12 > int64(len(tiff)) {
			return 0
		}
		entry := tiff[from : from+12]
		if order.Uint16(entry) == orientationTag && order.Uint16(entry[2:]) == 3 { // 3: a short
			return int(order.Uint16(entry[8:]))
		}
	}
	return 0
}
