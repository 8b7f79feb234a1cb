using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace P2PCloud.Sidecar;

/// <summary>The caller's side of a call: resolves the callee's sidecar, sends, and tries again when the network failed.</summary>
internal sealed class Outbound(SidecarSettings settings, HttpMessageInvoker invoker, Func<HttpContext, Target, Task> callOwnApp)
{
    private const int RetriesMax = 3;

    private readonly AddressCache _addresses = new(settings);

    /// <summary>Carries out a call of the app.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        if (Target.Of(http.Request) is not { } target)
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
        if (target.AppId == settings.AppId && (target.Namespace ?? settings.Namespace) == settings.Namespace)
        {
            // The name is resolved first all the same.
            await (_addresses.Find(target.AppId) is null ? Unknown(http, target) : callOwnApp(http, target));
            return;
        }

        if (await RequestBody.TakeAsync(http.Request, settings.RequestBytesMax, http.RequestAborted) is not { } body)
        {
            await SidecarErrors.NotInvokedAsync(http, target.AppId, $"the body is longer than {settings.RequestBytesMax} bytes");
            return;
        }

        using var span = Spans.Begin(
            Spans.NameOf(target.AppId, target.Path), ActivityKind.Client, http.Request.Headers.TraceParent, http.Request.Headers.TraceState);
        await CallAsync(http, target, body, span);
    }

    private static Task Unknown(HttpContext http, Target target) =>
        SidecarErrors.NotInvokedAsync(http, target.AppId, "the name cannot be resolved");

    private async Task CallAsync(HttpContext http, Target target, RequestBody body, Activity span)
    {
        for (var attempt = 0; ; attempt++)
        {
            if (_addresses.Find(target.AppId) is not { } address)
            {
                await Unknown(http, target);
                return;
            }

            if (settings.IsBlackHole(address))
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, settings.Time, http.RequestAborted);
            }

            var failure = await TryAsync(http, target, address, body, span);
            if (failure is null)
            {
                return;
            }

            if (attempt == RetriesMax || !body.CanRepeat)
            {
                await SidecarErrors.NotInvokedAsync(http, target.AppId, failure);
                return;
            }

            _addresses.Evict(target.AppId);
            await Task.Delay(settings.RetryInterval, settings.Time, http.RequestAborted);
        }
    }

    /// <returns>Why the callee's sidecar was not reached; null when there was an answer.</returns>
    private async Task<string?> TryAsync(HttpContext http, Target target, string address, RequestBody body, Activity span)
    {
        using var request = Relay.Onward(http.Request, address, target.Path, body.Content());
        Headers.AddIdentity(request, http, settings, target);
        Spans.Pass(span, request);
        try
        {
            using var answer = await invoker.SendAsync(request, http.RequestAborted);
            if (answer.Headers.TryGetValues(Headers.Own, out var own) && own.Contains(Inbound.Mistaken))
            {
                return "the sidecar there is another app's";
            }

            await Relay.BackAsync(answer, http);
            return null;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException && !http.RequestAborted.IsCancellationRequested)
        {
            if (!http.Response.HasStarted)
            {
                return failure.Message;
            }

            http.Abort();
            return null;
        }
    }
}
