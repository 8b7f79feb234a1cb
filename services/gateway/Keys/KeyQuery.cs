using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Chord;

namespace P2PCloud.Gateway.Keys;

/// <summary>The rules of a request about a key.</summary>
internal static class KeyQuery
{
    /// <summary>How many copies take part; the first is the default.</summary>
    public static IReadOnlyList<string> Consistencies { get; } = ["quorum", "one"];

    /// <summary>
    /// The key in the path, taken from the request line: a routed path has some characters decoded and others not. All that follows
    /// the prefix belongs to the key, slashes too, encoded or not.
    /// </summary>
    /// <returns>False when it is no key; then <paramref name="problem"/> says why.</returns>
    public static bool TryKey(HttpContext http, string prefix, [NotNullWhen(true)] out string? key, [NotNullWhen(false)] out string? problem)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = target.AsSpan(0, target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var end ? end : target.Length);
        var start = path.IndexOf(prefix, StringComparison.OrdinalIgnoreCase);
        key = start < 0 ? null : Decode(path[(start + prefix.Length)..]);
        problem = key switch
        {
            null => "The key is not percent-encoded UTF-8.",
            "" => "A key is needed: one byte or more.",
            _ when Encoding.UTF8.GetByteCount(key) is > KeyLimits.KeyBytesMax and var bytes =>
                $"A key has at most {KeyLimits.KeyBytesMax} bytes in UTF-8; this one has {bytes}.",
            _ => null,
        };
        return problem is null;
    }

    /// <summary>What is wrong with a consistency; null when nothing is.</summary>
    public static string? ProblemOfConsistency(string? consistency) => consistency is null || Consistencies.Contains(consistency)
        ? null
        : $"consistency is '{consistency}'; it must be one of {string.Join(", ", Consistencies)}.";

    /// <summary>What is wrong with a TTL; null when nothing is.</summary>
    public static string? ProblemOfTtl(string? ttl) =>
        ttl is null || (int.TryParse(ttl, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds > 0)
            ? null
            : $"ttl is '{ttl}'; it must be a whole number of seconds from 1 to {int.MaxValue}.";

    /// <summary>The condition in the headers (RFC 9110, section 13.1), as the entry peer's parameters.</summary>
    /// <returns>What is wrong with them; null when nothing is.</returns>
    public static string? ProblemOfCondition(IHeaderDictionary headers, bool mayBeAbsent, out QueryString condition)
    {
        condition = QueryString.Empty;
        var (ifMatch, ifNoneMatch) = (headers.IfMatch, headers.IfNoneMatch);
        if (ifMatch.Count > 0 && ifNoneMatch.Count > 0)
        {
            return "If-Match and If-None-Match exclude each other: send one.";
        }

        if (ifNoneMatch.Count > 0)
        {
            condition = QueryString.Create("ifAbsent", "true");
            return mayBeAbsent && ifNoneMatch.ToString().Trim() is "*"
                ? null
                : mayBeAbsent ? "If-None-Match is * for a write: only when there is no value." : "If-None-Match has no meaning for DELETE.";
        }

        if (ifMatch.Count is 0)
        {
            return null;
        }

        if (ifMatch.ToString().Trim() is "*")
        {
            condition = QueryString.Create("ifPresent", "true");
            return null;
        }

        if (VersionIn(ifMatch) is not { } version)
        {
            return "If-Match is * or one strong ETag as this interface gives it, with its quotes.";
        }

        condition = QueryString.Create("ifVersion", version.ToString());
        return null;
    }

    /// <summary>True when the client has this version already.</summary>
    public static bool IsKnown(IHeaderDictionary headers, KeyVersion version) =>
        EntityTagHeaderValue.TryParseList(headers.IfNoneMatch, out var known)
        && known.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(TagOf(version), useStrongComparison: false));

    /// <summary>The ETag of a version.</summary>
    public static EntityTagHeaderValue TagOf(KeyVersion version) => new($"\"{version}\"");

    private static KeyVersion? VersionIn(StringValues header) =>
        EntityTagHeaderValue.TryParseStrictList(header, out var tags)
        && tags is [{ IsWeak: false } tag]
        && KeyVersion.TryParse(tag.Tag.ToString().Trim('"'), out var version)
            ? version
            : null;

    private static string? Decode(ReadOnlySpan<char> text)
    {
        var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is not '%')
            {
                count += Encoding.UTF8.GetBytes(text.Slice(i, 1), bytes.AsSpan(count));
            }
            else if (i + 2 < text.Length && byte.TryParse(text.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[count]))
            {
                i += 2;
                count++;
            }
            else
            {
                return null;
            }
        }

        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, 0, count);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
