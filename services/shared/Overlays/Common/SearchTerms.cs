using System.Globalization;
using System.Text;

namespace P2PCloud.Overlays.Common;

/// <summary>
/// The one meaning of a query in all techniques: a name matches when it contains every word of the query. Words are runs of letters
/// and digits, compared without case and accents.
/// </summary>
public static class SearchTerms
{
    /// <summary>Longest query, in characters.</summary>
    public const int QueryLengthMax = 256;

    /// <summary>The distinct words of a text, in ordinal order.</summary>
    public static IReadOnlyList<string> Words(string text)
    {
        var words = new SortedSet<string>(StringComparer.Ordinal);
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsLetterOrDigit(rune))
            {
                Append(word, Rune.ToLowerInvariant(rune));
            }
            else if (!IsMark(rune))
            {
                Flush(words, word);
            }
        }

        Flush(words, word);
        return [.. words];
    }

    /// <summary>True when every word of <paramref name="words"/> occurs in the name; false when there is no word.</summary>
    public static bool Matches(IReadOnlyList<string> words, string name)
    {
        if (words.Count == 0)
        {
            return false;
        }

        var present = Words(name);
        return words.All(present.Contains);
    }

    private static void Append(StringBuilder word, Rune letter)
    {
        if (letter.IsBmp && AccentFolding.Fold((char)letter.Value) is { } plain)
        {
            word.Append(plain);
        }
        else
        {
            word.Append(letter);
        }
    }

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.SpacingCombiningMark;

    private static void Flush(SortedSet<string> words, StringBuilder word)
    {
        if (word.Length > 0)
        {
            words.Add(word.ToString());
            word.Clear();
        }
    }
}
