using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using P2PCloud.Contracts;

namespace P2PCloud.ClusterLoad;

/// <summary>Carries operations out over the REST interface, and notes how they end.</summary>
internal sealed class GatewayOperations(LoadOptions options, LoadItems items, HistoryWriter history, TimeProvider time) : IDisposable
{
    private const int AnswerBytesMax = 1024 * 1024;
    private const int DetailMax = 200;
    private const string NoType = "about:blank";

    private readonly Gateways _gateways = new(options);

    public void Dispose() => _gateways.Dispose();

    /// <summary>Begins an operation and carries it out.</summary>
    public Task<OperationResult> RunAsync(OperationSubject subject) => RunAsync(history.Begin(subject), subject);

    /// <summary>Carries out an operation that has begun; it ends within the deadline.</summary>
    public async Task<OperationResult> RunAsync(long id, OperationSubject subject)
    {
        using var deadline = new CancellationTokenSource(options.Deadline, time);
        OperationResult result;
        try
        {
            result = await TryAsync(subject, deadline.Token);
        }
        catch (UnreachableException failure)
        {
            result = new OperationResult(Outcome.Unreachable, Detail: Cut(failure.Message));
        }
        catch (Exception failure) when (failure is OperationCanceledException or HttpRequestException or IOException)
        {
            var outcome = deadline.IsCancellationRequested ? Outcome.Deadline : Outcome.Connection;
            result = new OperationResult(outcome, Detail: Cut(failure.GetBaseException().Message));
        }

        history.End(id, result);
        return result;
    }

    private static string Cut(string text) => text.Length <= DetailMax ? text : text[..DetailMax];

    private async Task<OperationResult> TryAsync(OperationSubject subject, CancellationToken cancellationToken)
    {
        var (method, path, body) = RequestOf(subject);
        using var response = await _gateways.SendAsync(method, path, body, cancellationToken);
        OperationResult result;
        try
        {
            result = response.IsSuccessStatusCode
                ? await SuccessAsync(subject, response, cancellationToken)
                : await RefusalAsync(response, cancellationToken);
        }
        catch (JsonException failure)
        {
            result = new OperationResult(Outcome.Unreadable, Detail: Cut(failure.Message));
        }

        return result with { Status = (int)response.StatusCode, Gateway = response.RequestMessage?.RequestUri?.Authority };
    }

    private (HttpMethod Method, string Path, byte[]? Body) RequestOf(OperationSubject subject) => subject.Kind switch
    {
        OperationKind.Lookup => (HttpMethod.Get, PathOf(items.FileWith(subject.File!), subject.Technique!), null),
        OperationKind.Put => (HttpMethod.Put, PathOf(subject), items.BytesOf(subject.Written!)),
        OperationKind.Get => (HttpMethod.Get, PathOf(subject), null),
        OperationKind.Download => (HttpMethod.Get, $"api/v1/files/{subject.File}", null),
        _ => Share(items.FileWith(subject.File!), subject.Peer),
    };

    private static string PathOf(LoadFile file, string technique) => $"api/v1/lookups?q={Uri.EscapeDataString(file.Query)}&technique={technique}";

    private static string PathOf(OperationSubject subject)
    {
        var entry = subject.Peer is null ? "" : $"&from={Uri.EscapeDataString(subject.Peer)}";
        return $"api/v1/keys/{Uri.EscapeDataString(subject.Key!)}?consistency=quorum{entry}";
    }

    private (HttpMethod Method, string Path, byte[]? Body) Share(LoadFile file, string? peer)
    {
        var at = peer is null ? "" : $"&peer={Uri.EscapeDataString(peer)}";
        return (HttpMethod.Put, $"api/v1/files?name={Uri.EscapeDataString(file.Name)}{at}", items.ContentOf(file.Name));
    }

    private async Task<OperationResult> SuccessAsync(OperationSubject subject, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = response.Content;
        switch (subject.Kind)
        {
            case OperationKind.Lookup:
                var found = await JsonAsync(body, ContractsJsonContext.Default.LookupResult, cancellationToken);
                var has = found.Matches.Any(match => match.ContentId == subject.File);
                return new OperationResult(has ? Outcome.Ok : Outcome.NotFound, Complete: found.Complete);
            case OperationKind.Put:
                var written = await JsonAsync(body, ContractsJsonContext.Default.KeyWritten, cancellationToken);
                return new OperationResult(Outcome.Ok, Version: written.Version);
            case OperationKind.Get:
                await body.LoadIntoBufferAsync(AnswerBytesMax, cancellationToken);
                var value = items.ValueOf(await body.ReadAsByteArrayAsync(cancellationToken));
                return new OperationResult(Outcome.Ok, Read: value, Version: response.Headers.ETag?.Tag.Trim('"'));
            case OperationKind.Download:
                await using (var stream = await body.ReadAsStreamAsync(cancellationToken))
                {
                    return new OperationResult(Outcome.Ok, Sha256: Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken)));
                }

            default:
                var shared = await JsonAsync(body, ContractsJsonContext.Default.Posting, cancellationToken);
                return shared.ContentId == subject.File
                    ? new OperationResult(Outcome.Ok, Provider: shared.Peer)
                    : new OperationResult(Outcome.Unreadable, Detail: $"the peer calls the file {shared.ContentId}");
        }
    }

    private static async Task<T> JsonAsync<T>(HttpContent body, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        await body.LoadIntoBufferAsync(AnswerBytesMax, cancellationToken);
        await using var stream = await body.ReadAsStreamAsync(cancellationToken);
        return await JsonSerializer.DeserializeAsync(stream, type, cancellationToken) ?? throw new JsonException("null");
    }

    /// <summary>A refusal with problem details (RFC 9457) or without.</summary>
    private static async Task<OperationResult> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await response.Content.LoadIntoBufferAsync(AnswerBytesMax, cancellationToken);
        if (response.Content.Headers.ContentType?.MediaType is not "application/problem+json")
        {
            return new OperationResult(Outcome.Refused);
        }

        try
        {
            using var problem = JsonDocument.Parse(await response.Content.ReadAsStreamAsync(cancellationToken));
            var type = Member(problem.RootElement, "type") ?? NoType;
            var detail = Member(problem.RootElement, "detail") ?? Member(problem.RootElement, "title");
            var outcome = response.StatusCode is HttpStatusCode.NotFound ? Outcome.NotFound : Outcome.Refused;
            return new OperationResult(outcome, Problem: type, Detail: detail is null ? null : Cut(detail));
        }
        catch (JsonException)
        {
            return new OperationResult(Outcome.Refused);
        }
    }

    private static string? Member(JsonElement problem, string name) =>
        problem.ValueKind is JsonValueKind.Object && problem.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String
            ? value.GetString()
            : null;
}
