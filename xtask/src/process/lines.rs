//! What a program prints, line by line, however long its lines are.

use std::io::{BufRead, BufReader, Read};

/// Bytes of a line that are kept; what comes after them is read and dropped.
const LONGEST: usize = 8 * 1024;

/// Tells every line, without its end, until the program has closed its output. What is not UTF-8 is replaced.
pub fn read(source: impl Read, mut tell: impl FnMut(&str)) {
    let mut source = BufReader::new(source);
    let mut line = Vec::new();
    loop {
        // A full pipe would stop the program: read on to the end, whatever comes.
        let Ok(buffer) = source.fill_buf() else { return };
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let piece = &buffer[..end.unwrap_or(buffer.len())];
        line.extend_from_slice(&piece[..piece.len().min(LONGEST - line.len())]);
        let (read, at_end) = (end.map_or(piece.len(), |end| end + 1), buffer.is_empty());
        source.consume(read);
        if end.is_some() || at_end && !line.is_empty() {
            tell(String::from_utf8_lossy(&line).trim_end_matches('\r'));
            line.clear();
        }
        if at_end {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(source: impl Read) -> Vec<String> {
        let mut lines = Vec::new();
        read(source, |line| lines.push(line.to_owned()));
        lines
    }

    #[test]
    fn each_line_is_told_and_so_is_one_without_an_end() {
        assert_eq!(lines(&b"a\n\nb\r\n\xff\nc"[..]), ["a", "", "b", "\u{fffd}", "c"]);
        assert_eq!(lines(&b""[..]), [""; 0]);
    }

    #[test]
    fn of_a_line_that_is_too_long_the_beginning_is_told() {
        let long = std::io::repeat(b'x').take(64 * 1024 * 1024);
        let lines = lines(long.chain(&b"\nnext"[..]));
        assert_eq!((lines[0].len(), lines[1].as_str()), (LONGEST, "next"));
    }
}
