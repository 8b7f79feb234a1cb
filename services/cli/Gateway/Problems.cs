using System.Net;
using System.Text.Json;

namespace P2PCloud.Cli.Gateway;

/// <summary>What the gateway refuses, in one line.</summary>
internal static class Problems
{
    private const int BytesMax = 64 * 1024;

    /// <summary>Reads problem details as <c>title: detail</c>, or else the status.</summary>
    public static async Task<Failure> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        new(
            await TextAsync(response, cancellationToken) ?? $"the gateway answered {(int)response.StatusCode} {response.ReasonPhrase}",
            response.StatusCode is HttpStatusCode.BadRequest ? ExitCodes.Usage : ExitCodes.Failed,
            Transient: (int)response.StatusCode >= 500,
            Fatal: response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden);

    private static async Task<string?> TextAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType is not ("application/problem+json" or "application/json"))
        {
            return null;
        }

        try
        {
            await response.Content.LoadIntoBufferAsync(BytesMax, cancellationToken);
            using var document = JsonDocument.Parse(await response.Content.ReadAsStreamAsync(cancellationToken));
            string?[] parts = [Member(document.RootElement, "title"), Member(document.RootElement, "detail")];
            var text = string.Join(": ", parts.Where(part => !string.IsNullOrWhiteSpace(part)));
            return text.Length > 0 ? text : null;
        }
        catch (Exception failure) when (failure is JsonException or HttpRequestException)
        {
            return null;
        }
    }

    private static string? Member(JsonElement problem, string name) =>
        problem.ValueKind is JsonValueKind.Object && problem.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;
}
