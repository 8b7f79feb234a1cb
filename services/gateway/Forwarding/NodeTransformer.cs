using System.Diagnostics;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using P2PCloud.Contracts;
using Yarp.ReverseProxy.Forwarder;

namespace P2PCloud.Gateway.Forwarding;

/// <summary>
/// Turns a client's request into one to a node. Of the client's headers only those pass that a node's routes read, so that nobody
/// outside can speak as a node (<c>p2p-*</c>) or steer a sidecar (<c>dapr-*</c>). The trace goes on through the invoker.
/// </summary>
/// <param name="node">Who answers.</param>
/// <param name="pathAndQuery">Static path of the node's route, and the query.</param>
/// <param name="accept">Called with the answer's head; false keeps the answer from the client, so that another node can be asked.</param>
internal sealed class NodeTransformer(NodeRef node, string pathAndQuery, Func<HttpResponseMessage, ValueTask<bool>> accept)
    : HttpTransformer
{
    private static readonly string[] RequestHeaders =
    [
        HeaderNames.Accept, HeaderNames.Range, HeaderNames.IfRange, HeaderNames.IfMatch, HeaderNames.IfNoneMatch,
        HeaderNames.IfModifiedSince, HeaderNames.IfUnmodifiedSince,
    ];

    private static readonly string[] TraceHeaders = [HeaderNames.TraceParent, HeaderNames.TraceState];

    private static readonly string[] ContentHeaders = [HeaderNames.ContentType, HeaderNames.ContentLength];

    private static readonly string[] NodePrefixes = ["dapr-", "p2p-"];

    /// <summary>The node's status; null when it has not answered.</summary>
    public int? Status { get; private set; }

    /// <summary>The answer went to the client.</summary>
    public bool Accepted { get; private set; }

    /// <summary>A sidecar answered instead of the node.</summary>
    public bool IsUndelivered { get; private set; }

    /// <summary>The node says that it is leaving.</summary>
    public bool IsLeaving { get; private set; }

    /// <inheritdoc/>
    public override ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        proxyRequest.RequestUri = new Uri($"{destinationPrefix}{pathAndQuery}");
        if (node.Endpoint is not null)
        {
            proxyRequest.Options.Set(NodeHttp.Endpoint, node.Endpoint);
        }

        // A node that refuses before it reads leaves the body to the next one. A sidecar reads it in any case.
        proxyRequest.Headers.ExpectContinue = proxyRequest.Content is not null;
        var given = httpContext.Request.Headers;
        // With a span of its own here, the invoker names that as the parent.
        foreach (var name in RequestHeaders.Concat(Activity.Current is null ? TraceHeaders : []).Where(given.ContainsKey))
        {
            proxyRequest.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)given[name]);
        }

        foreach (var name in ContentHeaders.Where(given.ContainsKey))
        {
            proxyRequest.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)given[name]);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null)
        {
            return false;
        }

        Status = (int)proxyResponse.StatusCode;
        IsUndelivered = IsFromSidecar(proxyResponse);
        IsLeaving = IsFromLeaving(proxyResponse);
        Accepted = !IsUndelivered && await accept(proxyResponse);
        if (!Accepted)
        {
            return false;
        }

        await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        foreach (var (name, _) in httpContext.Response.Headers.Where(IsBetweenNodes).ToList())
        {
            httpContext.Response.Headers.Remove(name);
        }

        return true;
    }

    /// <summary>True when a Dapr sidecar says that it did not reach the node: its errors are JSON, a node's problem details.</summary>
    public static bool IsFromSidecar(HttpResponseMessage response) =>
        !response.IsSuccessStatusCode && response.Content.Headers.ContentType?.MediaType is "application/json";

    /// <summary>True when a node refuses because it is leaving.</summary>
    public static bool IsFromLeaving(HttpResponseMessage response) => response.Headers.Contains(WireHeaders.Leaving);

    private static bool IsBetweenNodes(KeyValuePair<string, StringValues> header) =>
        Array.Exists(NodePrefixes, prefix => header.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
