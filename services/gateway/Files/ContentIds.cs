using Microsoft.AspNetCore.Http.HttpResults;

namespace P2PCloud.Gateway.Files;

/// <summary>The form of a content id: SHA-256 of the bytes as 64 lower-case hexadecimal digits.</summary>
internal static class ContentIds
{
    private const int Length = 64;

    /// <summary>What is wrong with an id that a client gave; null when nothing is.</summary>
    /// <param name="given">The id.</param>
    /// <param name="what">How the client calls it.</param>
    public static ProblemHttpResult? ProblemOf(string given, string what) =>
        given.Length == Length && given.All(char.IsAsciiHexDigitLower)
            ? null
            : Problems.BadRequest($"{what} is the SHA-256 of the bytes: {Length} hexadecimal digits in lower case.");
}
