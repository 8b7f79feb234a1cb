using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using P2PCloud.Contracts;
using Yarp.ReverseProxy.Forwarder;

namespace P2PCloud.Gateway.Forwarding;

/// <summary>How a forwarded request ended.</summary>
internal enum ForwardOutcome
{
    /// <summary>The client has the node's answer, or is gone.</summary>
    Passed,

    /// <summary>The node answered, and the answer was kept from the client.</summary>
    Declined,

    /// <summary>The node gave no usable answer; nothing went to the client.</summary>
    Unreachable,

    /// <summary>No connection to the node could be made, or its sidecar says so; nothing went to the client.</summary>
    NotConnected,

    /// <summary>The node says that it is leaving, so that nobody can count on what it did; nothing went to the client.</summary>
    Leaving,

    /// <summary>The client's body was longer than the limit, or broken.</summary>
    BadBody,
}

/// <summary>The end of a forwarded request.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Status">The node's status, or for a bad body the client's; null when there is none.</param>
/// <param name="CanRepeat">Nothing of the client's body was used up: another node can be asked.</param>
internal readonly record struct Forwarded(ForwardOutcome Outcome, int? Status, bool CanRepeat)
{
    /// <summary>False when the node was not there for the request, or is not there for any request any more.</summary>
    public bool Reached => Outcome is not (ForwardOutcome.NotConnected or ForwardOutcome.Leaving);
}

/// <summary>Streams a client's request to a node and the answer back (YARP), one attempt a call.</summary>
internal sealed class NodeForwarder(
    IHttpForwarder forwarder, HttpMessageInvoker invoker, TimeProvider time, IOptions<GatewayOptions> options)
{
    private readonly ForwarderRequestConfig _config = new()
    {
        ActivityTimeout = options.Value.IdleTimeout,
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
    };

    /// <summary>Forwards once.</summary>
    /// <param name="http">The client's request.</param>
    /// <param name="node">Who answers.</param>
    /// <param name="pathAndQuery">The node's route and query.</param>
    /// <param name="answerTimeout">Time until the answer's head has arrived.</param>
    /// <param name="accept">See <see cref="NodeTransformer"/>.</param>
    /// <param name="watch">Ends the wait for the answer's head when it finds the node silent.</param>
    public async Task<Forwarded> ForwardAsync(
        HttpContext http,
        NodeRef node,
        string pathAndQuery,
        TimeSpan answerTimeout,
        Func<HttpResponseMessage, ValueTask<bool>> accept,
        PeerWatch? watch = null)
    {
        using var timer = new CancellationTokenSource(answerTimeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, watch?.Silent ?? CancellationToken.None);
        var transformer = new NodeTransformer(node, pathAndQuery, response =>
        {
            timer.CancelAfter(Timeout.InfiniteTimeSpan);
            watch?.Stop();
            return accept(response);
        });
        var error = await forwarder.SendAsync(http, $"http://{node.App}", invoker, _config, transformer, limit.Token);
        if (transformer.Accepted || http.Response.HasStarted || http.RequestAborted.IsCancellationRequested)
        {
            return new Forwarded(ForwardOutcome.Passed, transformer.Status, false);
        }

        var failure = http.Features.Get<IForwarderErrorFeature>()?.Exception;
        http.Features.Set<IForwarderErrorFeature>(null);
        http.Response.Clear();
        if (error is not ForwarderError.None && BadBodyOf(failure) is { } bad)
        {
            return new Forwarded(ForwardOutcome.BadBody, bad.StatusCode, false);
        }

        var unread = http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false };
        var canRepeat = unread || HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        return new Forwarded(OutcomeOf(error, failure, transformer), transformer.Status, canRepeat);
    }

    private static ForwardOutcome OutcomeOf(ForwarderError error, Exception? failure, NodeTransformer transformer) => error switch
    {
        _ when transformer.IsUndelivered || failure is HttpRequestException { IsNotConnected: true } => ForwardOutcome.NotConnected,
        _ when transformer.IsLeaving => ForwardOutcome.Leaving,
        ForwarderError.None when transformer.Status is < 500 => ForwardOutcome.Declined,
        _ => ForwardOutcome.Unreachable,
    };

    private static BadHttpRequestException? BadBodyOf(Exception? failure) => failure switch
    {
        BadHttpRequestException bad => bad,
        AggregateException many => many.InnerExceptions.Select(BadBodyOf).FirstOrDefault(bad => bad is not null),
        { InnerException: { } inner } => BadBodyOf(inner),
        _ => null,
    };
}
