using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Tests.Common;

public class SearchTermsTests
{
    [Theory]
    [InlineData("Hey Jude.mp3", "hey|jude|mp3")]
    [InlineData("HEY hey Hey", "hey")]
    [InlineData("docs/a_b-c (2).txt", "2|a|b|c|docs|txt")]
    [InlineData("Crème Brûlée", "brulee|creme")]
    [InlineData("Cre\u0300me", "creme")]
    [InlineData("Straße STRASSE", "strasse")]
    [InlineData("Ærø Œuvre Łódź", "aero|lodz|oeuvre")]
    [InlineData("Ёлка ΆΛΦΑ", "αλφα|елка")]
    [InlineData("ﬁn ＡＢＣ", "abc|fin")]
    [InlineData("日本語 2024", "2024|日本語")]
    [InlineData("", "")]
    [InlineData(" -_./ ", "")]
    public void Words_of_a_text_are_folded_distinct_and_in_ordinal_order(string text, string words) =>
        Assert.Equal(words, string.Join('|', SearchTerms.Words(text)));

    [Theory]
    [InlineData("jude hey", "Hey Jude.mp3", true)]
    [InlineData("hey you", "Hey Jude.mp3", false)]
    [InlineData("jud", "Hey Jude.mp3", false)]
    [InlineData("brulee", "Crème brûlée", true)]
    [InlineData("", "Hey Jude.mp3", false)]
    [InlineData("...", "Hey Jude.mp3", false)]
    public void Name_matches_when_it_contains_every_word(string query, string name, bool matches) =>
        Assert.Equal(matches, SearchTerms.Matches(SearchTerms.Words(query), name));
}
