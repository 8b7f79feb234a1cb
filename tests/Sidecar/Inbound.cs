using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace P2PCloud.Sidecar;

/// <summary>The callee's side of a call: checks who calls, and passes the request to the app.</summary>
internal sealed class Inbound(SidecarSettings settings, HttpMessageInvoker invoker, AppHealth health)
{
    /// <summary>Value of <see cref="Headers.Own"/>: the call was meant for another app, as a certificate would have shown.</summary>
    public const string Mistaken = "mistaken";

    private const string Refused = "refused";
    private const string AppDown = "the app does not answer";

    private readonly ConcurrentDictionary<string, Faults> _losses = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _lost = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _repeats = new();
    private int _calls;

    /// <summary>Requests that the app was given.</summary>
    public int Calls => _calls;

    /// <summary>Answers that were lost on the way back.</summary>
    public int LostAnswers => _losses.Values.Sum(losses => losses.Happened);

    /// <summary>Paths of the calls that the app carried out once more because the answer before was lost.</summary>
    public IReadOnlyCollection<string> Repeats => _repeats;

    /// <summary>The app carries out the next requests to paths that begin with this one, and their answers are lost on the way back.</summary>
    public void LoseAnswers(int count, string path) => _losses.GetOrAdd(path, _ => new Faults()).Ask(count);

    /// <summary>A call from another sidecar.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        if (http.Request.Headers[Headers.Meant] != Headers.IdentityOf(new AppName(settings.AppId, settings.Namespace)))
        {
            http.Response.Headers[Headers.Own] = Mistaken;
            await SidecarErrors.NotInvokedAsync(http, settings.AppId, "this is another app");
            return;
        }

        var path = http.Request.Path.Value ?? "/";
        var caller = http.Request.Headers[Headers.Caller].ToString();
        var isAllowed = settings.AccessControl?.Allows(caller, http.Request.Headers[Headers.CallerNamespace]!, http.Request.Method, path) ?? true;
        settings.Checked?.Invoke(new CheckedCall(caller, settings.AppId, http.Request.Method, path, isAllowed));
        if (!isAllowed)
        {
            http.Response.Headers[Headers.Own] = Refused;
            await SidecarErrors.NotInvokedAsync(http, settings.AppId, "access control denies this call", StatusCodes.Status403Forbidden);
            return;
        }

        http.Request.Headers.Remove(Headers.Meant);
        string? call = http.Request.Headers.TraceParent;
        using var span = Spans.Begin(
            Spans.NameOf(settings.AppId, path), ActivityKind.Server, http.Request.Headers.TraceParent, http.Request.Headers.TraceState);
        await CallAppAsync(http, path, span, call, http.RequestAborted);
    }

    /// <summary>A call of the app to itself: neither access control nor another attempt, straight to the app.</summary>
    public Task CallOwnAppAsync(HttpContext http, string path, CancellationToken limit) => CallAppAsync(http, path, span: null, call: null, limit);

    /// <param name="http">The call.</param>
    /// <param name="path">The app's route.</param>
    /// <param name="span">The sidecar's; null for a call of the app to itself.</param>
    /// <param name="call">Span of the caller's sidecar, the same for all attempts; null for a call of the app to itself.</param>
    /// <param name="limit">Ends the call.</param>
    private async Task CallAppAsync(HttpContext http, string path, Activity? span, string? call, CancellationToken limit)
    {
        if (!health.IsWell)
        {
            await NotGivenAsync(http, "app is not in a healthy state");
            return;
        }

        if (settings.AppAddress() is not { } address)
        {
            await NotGivenAsync(http, AppDown);
            return;
        }

        var hasBody = http.Request.ContentLength > 0 || http.Request.Headers.TransferEncoding.Count > 0;
        using var request = Relay.Onward(http.Request, address, path, hasBody ? new StreamContent(http.Request.Body) : null);
        if (span is not null)
        {
            Spans.Pass(span, request);
        }

        if (settings.AppToken is not null)
        {
            request.Headers.Add(Headers.Token, settings.AppToken);
        }

        Interlocked.Increment(ref _calls);
        try
        {
            using var answer = await invoker.SendAsync(request, limit);
            if (call is not null && _lost.ContainsKey(call))
            {
                _repeats.Enqueue(path);
            }

            if (_losses.Any(losses => path.StartsWith(losses.Key, StringComparison.Ordinal) && losses.Value.Happens()))
            {
                _lost[call ?? ""] = true;
                http.Abort();
                return;
            }

            await Relay.BackAsync(answer, http, limit);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException && !limit.IsCancellationRequested)
        {
            if (http.Response.HasStarted)
            {
                http.Abort();
                return;
            }

            await NotGivenAsync(http, AppDown);
        }
    }

    private Task NotGivenAsync(HttpContext http, string reason)
    {
        http.Response.Headers[Headers.Own] = Refused;
        return SidecarErrors.NotInvokedAsync(http, settings.AppId, reason);
    }
}
