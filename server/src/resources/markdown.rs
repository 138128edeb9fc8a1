//! Markdown in, blocks out. What is not one of our blocks becomes plain text, so nothing typed is lost and nothing typed acts.

use mobile_shared::resource::{Block, Span, may_link};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use uuid::Uuid;

/// Something the writer has to change, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Line of the Markdown, from 1.
    pub line: usize,
    pub message: String,
}

/// Takes away what nobody sees but what changes how text is read: controls, and the marks that turn its direction or
/// hide in it.
pub fn clean(text: &str) -> String {
    let hidden = |c: char| matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    text.replace("\r\n", "\n").chars().filter(|&c| c == '\n' || !(c.is_control() || hidden(c))).collect()
}

/// Reads the body of a resource. Faults are what a writer is told; the blocks are safe with them too.
pub fn read(markdown: &str) -> (Vec<Block>, Vec<Fault>) {
    let mut reader = Reader { lines: line_starts(markdown), ..Reader::default() };
    for (event, at) in Parser::new_ext(markdown, Options::empty()).into_offset_iter() {
        reader.at = at.start;
        reader.take(event);
    }
    reader.end_text();
    (reader.blocks, reader.faults)
}

fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    faults: Vec<Fault>,
    lines: Vec<usize>,
    /// Where in the source we are, in bytes.
    at: usize,
    spans: Vec<Span>,
    heading: Option<u8>,
    quotes: usize,
    strong: usize,
    emphasis: usize,
    href: Option<String>,
    /// The list we are in, and its entries so far.
    list: Option<(bool, Vec<Vec<Span>>)>,
    depth: usize,
    /// The picture we are in: where it points, and its alternative text so far.
    image: Option<(String, String)>,
}

impl Reader {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Code(text) => self.text(&text),
            Event::Html(text) | Event::InlineHtml(text) => {
                self.fault("HTML is not used here: readers would see it as you typed it. Please take it out.");
                self.text(&text);
            }
            Event::SoftBreak | Event::HardBreak => self.text(" "),
            Event::Rule => self.fault("Lines across the page are not used. Start a new heading instead."),
            // Not switched on.
            Event::FootnoteReference(text) | Event::InlineMath(text) | Event::DisplayMath(text) => self.text(&text),
            Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.end_text();
                if level == HeadingLevel::H1 {
                    self.fault("The title is the only first heading. Please begin this one with ##.");
                }
                self.heading = Some(if level <= HeadingLevel::H2 { 2 } else { 3 });
            }
            Tag::BlockQuote(_) => {
                self.end_text();
                self.quotes += 1;
            }
            Tag::List(first) => self.start_list(first.is_some()),
            Tag::Item => {
                self.end_text();
                self.list.iter_mut().for_each(|(_, items)| items.push(Vec::new()));
            }
            Tag::CodeBlock(_) => {
                self.end_text();
                self.fault(
                    "Blocks of code are not used. If you did not mean one, take out the spaces before the line.",
                );
            }
            Tag::Strong => self.strong += 1,
            Tag::Emphasis => self.emphasis += 1,
            Tag::Link { dest_url, .. } => self.start_link(&dest_url),
            Tag::Image { dest_url, .. } => self.image = Some((dest_url.to_string(), String::new())),
            Tag::HtmlBlock | Tag::Paragraph => self.end_text(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::Paragraph | TagEnd::Item => {
                self.end_text()
            }
            TagEnd::BlockQuote(_) => {
                self.end_text();
                self.quotes -= 1;
            }
            TagEnd::List(_) => {
                self.depth -= 1;
                if self.depth == 0
                    && let Some((ordered, mut items)) = self.list.take()
                {
                    items.retain(|i| !i.is_empty());
                    self.blocks.push(Block::List { ordered, items });
                }
            }
            TagEnd::Strong => self.strong -= 1,
            TagEnd::Emphasis => self.emphasis -= 1,
            TagEnd::Link => self.href = None,
            TagEnd::Image => self.end_image(),
            _ => {}
        }
    }

    fn start_list(&mut self, ordered: bool) {
        self.end_text();
        self.depth += 1;
        if self.depth == 1 {
            self.list = Some((ordered, Vec::new()));
        } else {
            self.fault("A list inside a list is hard to follow on a phone. Please make it one list, or two.");
        }
    }

    fn start_link(&mut self, to: &str) {
        let to = clean(to);
        if may_link(&to) {
            self.href = Some(to);
        } else {
            self.fault("This link leads where links here may not. Use https://, tel: with digits only, or resource: and its name.");
        }
    }

    fn end_image(&mut self) {
        let Some((to, alt)) = self.image.take() else { return };
        let alt = clean(&alt).trim().to_owned();
        let id = to.strip_prefix("image:").and_then(|id| id.parse::<Uuid>().ok());
        match id {
            None => self.fault(
                "Pictures are added with the picture button; one from elsewhere would tell others who is reading.",
            ),
            Some(_) if alt.is_empty() => {
                self.fault("Please say in a few words what the picture shows, for people who do not see it.")
            }
            Some(_) if self.list.is_some() || self.heading.is_some() => {
                self.fault("A picture stands by itself, with an empty line before and after it.");
            }
            Some(image_id) => {
                self.end_text();
                self.blocks.push(Block::Image { image_id, alt });
            }
        }
    }

    fn text(&mut self, text: &str) {
        if let Some((_, alt)) = &mut self.image {
            alt.push_str(text);
            return;
        }
        let span =
            Span { text: clean(text), strong: self.strong > 0, emphasis: self.emphasis > 0, href: self.href.clone() };
        match self.spans.last_mut() {
            Some(last) if (last.strong, last.emphasis, &last.href) == (span.strong, span.emphasis, &span.href) => {
                last.text.push_str(&span.text);
            }
            _ => self.spans.push(span),
        }
    }

    /// The words gathered so far become a block of their own, or part of the list entry they stand in.
    fn end_text(&mut self) {
        let mut text = std::mem::take(&mut self.spans);
        let heading = self.heading.take();
        if let Some(first) = text.first_mut() {
            first.text = first.text.trim_start().to_owned();
        }
        if let Some(last) = text.last_mut() {
            last.text = last.text.trim_end().to_owned();
        }
        text.retain(|s| !s.text.is_empty());
        if text.is_empty() {
            return;
        }
        if let Some(item) = self.list.as_mut().and_then(|(_, items)| items.last_mut()) {
            if !item.is_empty() {
                item.push(Span { text: " ".to_owned(), ..Span::default() });
            }
            item.append(&mut text);
        } else {
            self.blocks.push(match heading {
                Some(level) => Block::Heading { level, text },
                None if self.quotes > 0 => Block::Quote { text },
                None => Block::Paragraph { text },
            });
        }
    }

    fn fault(&mut self, message: &str) {
        let line = self.lines.partition_point(|start| *start <= self.at).max(1);
        self.faults.push(Fault { line, message: message.to_owned() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(markdown: &str) -> Vec<String> {
        read(markdown).0.iter().flat_map(Block::words).collect()
    }

    #[test]
    fn headings_paragraphs_lists_quotes_and_links_keep_their_words_in_order() {
        let (blocks, faults) = read(
            "## Now\n\nSit **down**. Ring [Samaritans](tel:116123) or read\n[about sleep](resource:sleep).\n\n- one\n- two *three*\n\n1. first\n\n   more\n2. second\n\n> \"It passes.\"\n",
        );
        assert_eq!(faults, []);
        let kinds: Vec<String> =
            blocks.iter().map(|b| serde_json::to_value(b).unwrap()["kind"].as_str().unwrap().to_owned()).collect();
        assert_eq!(kinds, ["heading", "paragraph", "list", "list", "quote"]);
        let said: Vec<String> = blocks.iter().flat_map(Block::words).collect();
        assert_eq!(
            said,
            [
                "Now",
                "Sit down. Ring Samaritans or read about sleep.",
                "one",
                "two three",
                "first more",
                "second",
                "\"It passes.\""
            ]
        );
        assert_eq!(blocks.iter().flat_map(Block::links).collect::<Vec<_>>(), ["tel:116123", "resource:sleep"]);
    }

    #[test]
    fn what_would_act_in_a_browser_becomes_words_and_is_told_by_its_line() {
        let (blocks, faults) =
            read("Fine.\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) and <b onclick=x>bold</b>\n");
        assert!(blocks.iter().flat_map(Block::links).next().is_none());
        assert_eq!(words("a <b>c</b>"), ["a <b>c</b>"]);
        assert_eq!(faults.iter().map(|f| f.line).collect::<Vec<_>>(), [3, 5, 5, 5]);
        assert!(matches!(&blocks[1], Block::Paragraph { text } if text[0].text == "<script>alert(1)</script>"));
    }

    #[test]
    fn a_picture_needs_words_and_comes_from_the_library() {
        let id = Uuid::from_u128(7);
        let (blocks, faults) = read(&format!("Look:\n\n![A hand on a warm mug](image:{id})\n\nThen drink."));
        assert_eq!(faults, []);
        assert_eq!(blocks[1], Block::Image { image_id: id, alt: "A hand on a warm mug".to_owned() });
        for bad in [
            format!("![](image:{id})"),
            "![x](https://example.org/a.png)".to_owned(),
            "![x](data:image/svg+xml,x)".to_owned(),
        ] {
            let (blocks, faults) = read(&bad);
            assert!(!faults.is_empty() && !blocks.iter().any(|b| matches!(b, Block::Image { .. })), "{bad}");
        }
    }

    #[test]
    fn marks_that_hide_or_turn_text_are_taken_away() {
        assert_eq!(clean("pay\u{202e}lap\u{200b}\u{7} me\r\nnow"), "paylap me\nnow");
    }
}
