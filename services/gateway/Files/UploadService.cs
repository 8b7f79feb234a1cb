using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using P2PCloud.Contracts;
using P2PCloud.Gateway.Forwarding;
using P2PCloud.Gateway.Membership;

namespace P2PCloud.Gateway.Files;

/// <summary>Streams an upload to a peer, which shares it from then on.</summary>
internal sealed class UploadService(EntryPeers entries, NodeForwarder forwarder, IOptions<GatewayOptions> options)
{
    /// <summary>A client library may send a body of so many bytes although it is not wanted: .NET's does.</summary>
    private const int SentAnywayMax = 1024;

    /// <summary>Answers the client, except for the good end: that is returned as the posting.</summary>
    /// <returns>The posting, or the problem, or neither when the client has the peer's own answer.</returns>
    public async Task<(Posting? Shared, ProblemHttpResult? Problem)> ShareAsync(
        HttpContext http, string name, string? named, CancellationToken cancellationToken)
    {
        var limit = options.Value.MaxUploadBytes;
        if (http.Request.ContentLength > limit)
        {
            return (null, Problems.TooLarge(limit));
        }

        var choice = await entries.ChooseAsync(named, cancellationToken);
        if (choice.Problem is not null)
        {
            return (null, choice.Problem);
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body)
        {
            body.MaxRequestBodySize = null;
        }

        if (http.Request.ContentLength <= SentAnywayMax)
        {
            http.Request.EnableBuffering(SentAnywayMax);
        }
        else
        {
            http.Request.Body = new BoundedBody(http.Request.Body, limit);
        }

        return await ShareAtFirstAsync(http, name, choice.Peers, cancellationToken);
    }

    private async Task<(Posting? Shared, ProblemHttpResult? Problem)> ShareAtFirstAsync(
        HttpContext http, string name, IReadOnlyList<NodeRef> peers, CancellationToken cancellationToken)
    {
        var attempts = new EntryAttempts(entries, peers);
        while (attempts.Next() is { } peer)
        {
            var (result, file) = await ForwardAsync(http, name, peer, cancellationToken);
            if (file is not null)
            {
                return (Posting.Of(file, peer.App), null);
            }

            switch (result.Outcome)
            {
                case ForwardOutcome.Passed:
                    return (null, null);
                case ForwardOutcome.BadBody:
                    return (null, BadBody(result.Status));
                default:
                    attempts.Failed(result.Reached);
                    break;
            }

            var isKept = result.Outcome is ForwardOutcome.Leaving && http.Request.Body.CanSeek;
            if (!result.CanRepeat && !isKept)
            {
                break;
            }

            if (isKept)
            {
                http.Request.Body.Position = 0;
            }
        }

        return (null, Problems.BadGateway($"{attempts.Asked} did not take the file. Send it again, or to another peer."));
    }

    private async Task<(Forwarded Result, SharedFile? File)> ForwardAsync(
        HttpContext http, string name, NodeRef peer, CancellationToken cancellationToken)
    {
        SharedFile? file = null;
        var path = $"/files{QueryString.Create("name", name)}";
        // The body may take long; a stalled one ends by the idle time-out.
        var result = await forwarder.ForwardAsync(http, peer, path, Timeout.InfiniteTimeSpan, async response =>
        {
            if (response.StatusCode is not HttpStatusCode.Created)
            {
                return !IsUnusable(response);
            }

            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            file = await JsonSerializer.DeserializeAsync(stream, ContractsJsonContext.Default.SharedFile, cancellationToken);
            return false;
        });
        return (result, file);
    }

    /// <summary>The peer's own refusals are problem details for the client, unless it is leaving; anything else says nothing to it.</summary>
    private static bool IsUnusable(HttpResponseMessage response) =>
        response.IsSuccessStatusCode || response.Content.Headers.ContentType?.MediaType is not "application/problem+json"
        || NodeTransformer.IsFromLeaving(response);

    private ProblemHttpResult BadBody(int? status) => status is StatusCodes.Status413PayloadTooLarge
        ? Problems.TooLarge(options.Value.MaxUploadBytes)
        : Problems.BadRequest("The body ended early or is malformed.");
}
