extension ImportedPage {
    /// Largest page that is taken in, in bytes. Word writes megabytes of looks around a few pages of text.
    public static let longest = 8_000_000

    /// Reads an HTML page, however badly it is written.
    ///
    /// Nothing is fetched and nothing of it runs. Time and memory are bounded by the size of the page.
    ///
    /// - Parameters:
    ///   - bytes: the file, in the character set that it declares; UTF-8 or Windows-1252 where it declares none.
    ///   - isPortalPath: whether a path such as `/portal/billing` may stay as a link.
    public static func read(_ bytes: [UInt8], isPortalPath: (String) -> Bool = { $0.hasPrefix("/portal/") })
        throws(HTMLImportError) -> ImportedPage
    {
        guard bytes.count <= longest else { throw .tooLarge(limit: longest) }
        let page = PageBytes(bytes)
        do {
            return try withoutActuallyEscaping(isPortalPath) { isPortalPath in
                let reader = PageReader(isPortalPath: isPortalPath)
                PageParser.run(page.utf8, reader)
                return try reader.page(guess: page.guess)
            }
        } catch let error as HTMLImportError {
            throw error
        } catch {
            throw .empty
        }
    }
}
