using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace P2PCloud.Sidecar;

/// <summary>The caller's side of a call: resolves the callee's sidecar, sends, and tries again when the network failed.</summary>
/// <param name="settings">Of the sidecar.</param>
/// <param name="invoker">To other sidecars.</param>
/// <param name="callOwnApp">A call of the app to itself, by its path.</param>
internal sealed class Outbound(
    SidecarSettings settings, HttpMessageInvoker invoker, Func<HttpContext, string, CancellationToken, Task> callOwnApp)
{
    private const int RetriesMax = 3;

    private readonly AddressCache _addresses = new(settings);
    private readonly Resilience _resilience = new(settings);

    /// <summary>Carries out a call of the app.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        if (Target.Of(http.Request, settings.Namespace) is not { } target)
        {
            await SidecarErrors.NotInvokedAsync(http, "", "no app id is named", StatusCodes.Status404NotFound);
            return;
        }

        if (!Spans.IsBaggage(http.Request.Headers["baggage"]))
        {
            await SidecarErrors.WriteAsync(http, StatusCodes.Status400BadRequest, "ERR_BAD_REQUEST", "the baggage header cannot be read");
            return;
        }

        await Task.Delay(settings.Latency, settings.Time, http.RequestAborted);
        if (target.Path is not { } path)
        {
            await SidecarErrors.NotInvokedAsync(http, target.App.Id, "the path leaves its root");
            return;
        }

        await _resilience.RunAsync(http, target.App, path, limit => target.App == new AppName(settings.AppId, settings.Namespace)
            ? CallOwnAsync(http, target.App, path, limit)
            : CallAsync(http, target.App, path, limit));
    }

    /// <summary>Whether the caller has the callee's answer, and what it says.</summary>
    private static bool IsWell(HttpContext http) => http.Response.StatusCode is >= 200 and < 400;

    private static async Task<bool> RefuseAsync(HttpContext http, AppName app, string reason)
    {
        await SidecarErrors.NotInvokedAsync(http, app.Id, reason);
        return false;
    }

    private async Task<bool> CallOwnAsync(HttpContext http, AppName app, string path, CancellationToken limit)
    {
        // The name is resolved all the same.
        if (await _addresses.FindAsync(app, limit) is null)
        {
            return await RefuseAsync(http, app, "the name cannot be resolved");
        }

        await callOwnApp(http, path, limit);
        return IsWell(http);
    }

    private async Task<bool> CallAsync(HttpContext http, AppName app, string path, CancellationToken limit)
    {
        if (await RequestBody.TakeAsync(http.Request, settings.RequestBytesMax, limit) is not { } body)
        {
            return await RefuseAsync(http, app, $"the body is longer than {settings.RequestBytesMax} bytes");
        }

        using var span = Spans.Begin(
            Spans.NameOf(app.Id, path), ActivityKind.Client, http.Request.Headers.TraceParent, http.Request.Headers.TraceState);
        for (var attempt = 0; ; attempt++)
        {
            if (await _addresses.FindAsync(app, limit) is not { } address)
            {
                return await RefuseAsync(http, app, "the name cannot be resolved");
            }

            if (settings.IsBlackHole(address))
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, settings.Time, limit);
            }

            using var request = Relay.Onward(http.Request, address, path, body.Content());
            Headers.AddIdentity(request, http, settings, app);
            Spans.Pass(span, request);
            var (isWell, failure) = await TryAsync(http, request, limit);
            if (failure is null)
            {
                return isWell;
            }

            if (attempt == RetriesMax || !body.CanRepeat)
            {
                return await RefuseAsync(http, app, failure);
            }

            _addresses.Evict(app);
            await Task.Delay(settings.RetryInterval, settings.Time, limit);
        }
    }

    /// <returns>How the call ended, or why the callee's sidecar was not reached.</returns>
    private async Task<(bool IsWell, string? Failure)> TryAsync(HttpContext http, HttpRequestMessage request, CancellationToken limit)
    {
        try
        {
            using var answer = await invoker.SendAsync(request, limit);
            if (answer.Headers.TryGetValues(Headers.Own, out var own) && own.Contains(Inbound.Mistaken))
            {
                return (false, "the sidecar there is another app's");
            }

            await Relay.BackAsync(answer, http, limit);
            return (IsWell(http), null);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException && !limit.IsCancellationRequested)
        {
            if (!http.Response.HasStarted)
            {
                return (false, failure.Message);
            }

            http.Abort();
            return (false, null);
        }
    }
}
