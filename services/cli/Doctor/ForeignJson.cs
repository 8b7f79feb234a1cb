using System.Text.Json;

namespace P2PCloud.Cli.Doctor;

/// <summary>Reads JSON of other programs, which may have any shape.</summary>
internal static class ForeignJson
{
    /// <summary>What is at a path of names; undefined when there is nothing.</summary>
    public static JsonElement At(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var part in path)
        {
            if (element.ValueKind is not JsonValueKind.Object || !element.TryGetProperty(part, out element))
            {
                return default;
            }
        }

        return element;
    }

    /// <summary>The text at a path; null when there is none.</summary>
    public static string? TextAt(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.String } found ? found.GetString() : null;

    /// <summary>The whole number at a path; null when there is none.</summary>
    public static int? NumberAt(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.Number } found && found.TryGetInt32(out var number) ? number : null;

    /// <summary>The elements of the list at a path; none when there is no list.</summary>
    public static IReadOnlyList<JsonElement> ItemsAt(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.At(path) is { ValueKind: JsonValueKind.Array } found ? [.. found.EnumerateArray()] : [];
}
