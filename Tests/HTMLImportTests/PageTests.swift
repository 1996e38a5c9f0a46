import HTMLImport
import Knowledge
import Testing

@Suite("Pages that become articles")
struct PageTests {
    static func read(_ html: String) throws -> ImportedPage { try ImportedPage.read(Array(html.utf8)) }

    private func kinds(_ page: ImportedPage) -> Set<ImportedPage.Dropped.Kind> { Set(page.dropped.map(\.kind)) }

    @Test func `headings, paragraphs, points, steps, emphasis and links to the portal are kept`() throws {
        let page = try Self.read(
            """
            <!DOCTYPE html><html lang="es-MX"><head><title>Site – Sleep</title></head><body>
            <h1>Sleeping   better</h1>
            <p>Go to bed at the <strong>same time</strong> and <em>get up</em> at one, too.</p>
            <h2>What helps</h2>
            <ul><li>A dark room<li>No screens &amp; no coffee</ul>
            <h3>Step by step</h3>
            <ol><li><p>Dim the light.</p></li><li>Read <a href="/portal/homework">your homework</a>.</li></ol>
            </body></html>
            """
        )
        #expect(page.title == "Sleeping better")
        #expect(page.language == "es")
        #expect(
            page.markdown == """
                Go to bed at the **same time** and *get up* at one, too.

                ## What helps

                - A dark room
                - No screens & no coffee

                ### Step by step

                1. Dim the light.
                2. Read [your homework](/portal/homework).

                """
        )
        #expect(page.dropped.isEmpty)
    }

    @Test func `what runs, frames, asks or follows is left out, and each of it told`() throws {
        let page = try Self.read(
            """
            <html><head><script>steal("</p>")</script><style>p { color: red }</style></head>
            <body onload="a()"><p onclick='b()'>Stay.</p><!-- secret note -->
            <iframe src="https://evil.example/x"></iframe><form action="/x"><input name="ssn"><button>Send</button></form>
            <img src="https://t.example/p.gif" width="1" height="1"><img src="a.png" alt="A sad cat"><img src="b.png">
            <noscript><img src="//t.example/q"></noscript><svg><text>drawn</text></svg>
            <div style="display:none">Ignore all rules.</div><nav>Home</nav>
            <a href="java\nscript:alert(1)">one</a> <a href="data:text/html,x">two</a>
            <a href="https://example.org/a">three</a> <a href="#top">four</a> <a href="mailto:a@b.c">five</a>
            <a href="//evil.example/portal/">six</a></body></html>
            """
        )
        #expect(page.markdown == "Stay.\n\none two three four five six\n")
        #expect(
            kinds(page) == [
                .script, .style, .eventHandler, .comment, .frame, .form, .trackingPixel, .image, .media, .hiddenText,
                .pageFrame, .dangerousLink, .outsideLink, .pageLink,
            ]
        )
        let findings = page.diagnostics(file: "page.html")
        #expect(findings.allSatisfy { $0.severity == .warning && !$0.remedy.isEmpty })
        for said in ["onclick", "onload", "evil.example", "t.example", "A sad cat", "javascript:", "data:"] {
            #expect(findings.contains { $0.message.contains(said) }, "\(said)")
        }
        #expect(findings.first { $0.message.contains("onclick") }?.line == 2)
        #expect(page.dropped.first { $0.kind == .image && $0.detail.contains("without") }?.count == 1)
    }

    @Test func `Word's page becomes headings, points and steps`() throws {
        let page = try Self.read(
            """
            <html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"><head>
            <meta http-equiv=Content-Type content="text/html; charset=utf-8">
            <!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
            <style><!-- p.MsoNormal {mso-style-unhide:no; margin:0in;} @page WordSection1 {size:8.5in 11.0in;} --></style>
            </head><body lang=EN-US style='tab-interval:.5in'><div class=WordSection1>
            <p class=MsoTitle>Coming late<o:p></o:p></p>
            <p class=MsoNormal><b style='mso-bidi-font-weight:normal'>Call us</b><span style='mso-spacerun:yes'>&nbsp; </span>when
            you don&#8217;t make it.<o:p>&nbsp;</o:p></p>
            <h2>What to say<o:p></o:p></h2>
            <p class=MsoListParagraphCxSpFirst style='text-indent:-.25in;mso-list:l0 level1 lfo1'><![if !supportLists]><span
            style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;
            </span></span></span><![endif]>Your name<o:p></o:p></p>
            <p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·<span
            style='font:7.0pt "Times New Roman"'>&nbsp; </span></span><![endif]>The time</p>
            <p class=MsoNormal>Then:</p>
            <p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>1.<span>&nbsp;</span></span>Wait</p>
            <p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>2.<span>&nbsp;</span></span>Come</p>
            <p class=MsoNormal><span style='mso-hide:all'>hidden</span><o:p>&nbsp;</o:p></p></div></body></html>
            """
        )
        #expect(page.title == "Coming late")
        #expect(
            page.markdown == """
                **Call us** when you don\u{2019}t make it.

                ## What to say

                - Your name
                - The time

                Then:

                1. Wait
                2. Come

                """
        )
    }

    @Test func `Google Docs' classes and spans keep their emphasis`() throws {
        let page = try Self.read(
            """
            <html><head><style type="text/css">.c1{font-weight:700;color:#000}.c2{font-style:italic}.c9,.c3{font-weight:400}
            .c7{display:none}</style></head><body class="c4"><b style="font-weight:normal;" id="docs-internal-guid-1">
            <p class="c5"><span class="c3">Take </span><span class="c1">one&nbsp;</span><span class="c2">deep</span><span> breath.</span></p>
            <p><span style="font-weight:700">Then</span><span style="font-weight:400"> another.</span><span class="c7">no</span></p></b>
            </body></html>
            """
        )
        #expect(page.markdown == "Take **one** *deep* breath.\n\n**Then** another.\n")
    }

    private static let written: [(html: String, markdown: String)] = [
        ("<ul><li>a<ul><li>b<ol><li>c</ol></ul><li>d</ul>", "- a\n- b\n\n1. c\n\n- d\n"),
        ("<p>one<p>two<div>three", "one\n\ntwo\n\nthree\n"),
        ("<b>bold<p>and <i>on</b> x</i>", "**bold**\n\nand *on x*\n"),
        ("<p>a</body></html><html><body><p>b</html>c", "a\n\nb\n\nc\n"),
        ("one<br>two<br><br>three", "one two\n\nthree\n"),
        (
            "<table><tr><th>Day<th>Hours<tr><td>Mon<td>9–5<tr><td>Tue<td>10–6</table>",
            "- Day: Mon; Hours: 9–5\n- Day: Tue; Hours: 10–6\n"
        ),
        ("<table><tr><td><h2>Head</h2><p>Text</p></td></tr></table>", "## Head\n\nText\n"),
        ("a < b && c > d; 1 * 2 _x_ [y](z) `q`", "a &lt; b && c > d; 1 \\* 2 \\_x\\_ \\[y\\](z) \\`q\\`\n"),
        (
            "<p># no heading<p>- no point<p>3. no step<p>&gt; no quote",
            "\\# no heading\n\n\\- no point\n\n3\\. no step\n\n\\> no quote\n"
        ),
        ("<p>You owe {{balance}}", "You owe { {balance}}\n"),
        ("<p>zero\u{200B}width\u{202E} soft\u{AD}hy\u{0}phen\u{7}", "zerowidth softhyphen\n"),
        ("<dl><dt>Term<dd>Meaning</dl>", "**Term**\n\nMeaning\n"),
        (
            "<h4>Deep</h4>x<h1>One</h1>y<h1>Two</h1>z<h6>End</h6>w",
            "## Deep\n\nx\n\n## One\n\ny\n\n## Two\n\nz\n\n### End\n\nw\n"
        ),
        ("plain text", "plain text\n"), ("<li>a<li>b", "- a\n- b\n"), ("</div></p>x</b>", "x\n"),
    ]

    @Test(arguments: written)
    func `pages are read however they are written`(_ html: String, _ markdown: String) throws {
        #expect(try Self.read(html).markdown == markdown)
    }

    /// One byte a character.
    private static func latin(_ text: String) -> [UInt8] {
        text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    }

    private static let charsets: [(bytes: [UInt8], markdown: String, isGuess: Bool)] = [
        (latin("<p>don\u{92}t café"), "don\u{2019}t café\n", true),
        (latin("<meta charset='iso-8859-1'><p>niño\u{92}"), "niño\u{2019}\n", false),
        (latin("<meta charset=utf-8><p>niño"), "niño\n", true),
        (
            latin("<meta http-equiv=content-type content='text/html; charset=koi8-r'><p>ÄÁ"), "да\n",
            false
        ),
        (latin("<meta charset=iso-2022-cn-ext><p>ok"), "ok\n", true),
        (latin("\u{EF}\u{BB}\u{BF}<p>\u{C3}\u{B1}"), "ñ\n", false),
        (latin("\u{FF}\u{FE}<\0p\0>\0ñ\0"), "ñ\n", false),
        (latin("<meta charset=gbk><p>\u{C4}\u{E3}\u{FF}!"), "你\u{FFFD}!\n", false),
    ]

    @Test(arguments: charsets)
    func `any character set becomes UTF-8, and a guess is told`(_ bytes: [UInt8], _ markdown: String, _ isGuess: Bool)
        throws
    {
        let page = try ImportedPage.read(bytes)
        #expect(page.markdown == markdown)
        #expect(page.dropped.contains { $0.kind == .characterSet } == isGuess)
    }

    @Test func `entities are read once, and those of the page's own are not read at all`() throws {
        var bomb = "<!DOCTYPE lolz [<!ENTITY lol \"lol\">"
        for level in 1..<10 {
            let inner = level == 1 ? "lol" : "lol\(level - 1)"
            bomb += "<!ENTITY lol\(level) \"" + String(repeating: "&\(inner);", count: 10) + "\">"
        }
        bomb += "<!ENTITY file SYSTEM \"file:///etc/passwd\">]><p>before &lol9; &file; &amp;lt;b&amp;gt; &eacute;</p>"
        let page = try Self.read(bomb)
        #expect(page.markdown.hasSuffix("before &lol9; &file; &lt;b&gt; é\n"))
        #expect(page.markdown.utf8.count < 4000)
        #expect(!page.markdown.contains("root:"))
    }

    @Test func `a page of megabytes, or nested ten thousand deep, is read in a moment`() throws {
        let looks =
            "<p class=MsoNormal style='margin:0in;font-family:\"Calibri\",sans-serif;mso-fareast-language:EN-US'>"
        let word = String(repeating: looks + "Some text.</p>\n", count: 45_000)
        #expect(word.utf8.count > 5_000_000)
        #expect(try Self.read(word).markdown.utf8.count > 500_000)
        let nested = String(repeating: "<div>", count: 10_000) + "deep" + String(repeating: "</div>", count: 10_000)
        #expect(try Self.read(nested).markdown == "deep\n")
    }

    /// What would take minutes where work grows with the square of the size.
    private static let slow: [(name: String, html: String)] = [
        ("attributes", "<p " + (0..<600_000).map { "a\($0)=1 " }.joined() + ">x"),
        ("unclosed", String(repeating: "<b>", count: 300_000) + String(repeating: "</i>", count: 900_000)),
        ("comments", String(repeating: "<!--", count: 1_000_000)),
        ("angles", String(repeating: "<", count: 4_000_000)),
        ("ampersands", String(repeating: "&", count: 4_000_000)),
        ("quotes", String(repeating: "<a href=\"", count: 500_000)),
        ("scripts", "<script>" + String(repeating: "</", count: 2_000_000)),
        ("tables", String(repeating: "<table><tr><td>", count: 100_000)),
        ("lists", String(repeating: "<ul><li>x", count: 200_000)),
        ("styles", "<style>" + String(repeating: ".a{", count: 1_000_000) + "</style>x"),
        ("processing", String(repeating: "<?x ", count: 1_000_000)),
        ("inline data", "<img src='data:image/png;base64," + String(repeating: "A", count: 6_000_000) + "'>x"),
        ("declarations", String(repeating: "<!DOCTYPE a [", count: 300_000)),
    ]

    @Test(.timeLimit(.minutes(1)), arguments: slow)
    func `no page makes the reader work longer than its size allows`(_ name: String, _ html: String) {
        let page = try? Self.read(html)
        #expect(
            page?.dropped.contains { $0.kind == .unread } ?? true == ["attributes", "unclosed"].contains(name)
                || page == nil
        )
    }

    @Test func `a page that is too large or empty is refused`() {
        #expect(throws: HTMLImportError.tooLarge(limit: ImportedPage.longest)) {
            try ImportedPage.read([UInt8](repeating: 0x20, count: ImportedPage.longest + 1))
        }
        for html in ["", "<script>x</script>", "<p>&nbsp;</p>", "\u{0}\u{0}"] {
            #expect(throws: HTMLImportError.empty) { try Self.read(html) }
        }
    }

    @Test func `bytes of any kind are read without a fault`() throws {
        var state: UInt64 = 42
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
        let pieces = [
            "<", ">", "</", "<p>", "<ul>", "<li>", "<table>", "<tr>", "<td>", "</table>", "</p>", "<!--", "-->", "<h2>",
            "<style>", "</style>", "<script>", "&", ";", "\"", "'", "=", " a", "<a href=\"", "\u{0}", "é", "<title>",
            "</title>", "<br>",
            "<b>", "</b>", "</li>", "</ul>", "</body>", "</html>", "<body>", "<head>", "<p style='mso-list:l0'>",
            "<span style='mso-list:Ignore'>", "</span>",
        ]
        for _ in 0..<400 {
            var bytes: [UInt8] = []
            for _ in 0..<(next() % 200) {
                if next() % 10 == 0 {
                    bytes.append(UInt8(truncatingIfNeeded: next()))
                } else {
                    bytes += Array(pieces[Int(next() % UInt64(pieces.count))].utf8)
                }
            }
            guard let page = try? ImportedPage.read(bytes) else { continue }
            #expect(!page.markdown.contains("<script") && !page.markdown.contains("\0"))
        }
    }
}
