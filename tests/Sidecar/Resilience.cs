using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace P2PCloud.Sidecar;

/// <summary>When a circuit breaker opens, and for how long (Dapr's Resiliency, <c>circuitBreakers</c>, with <c>maxRequests: 1</c>).</summary>
/// <param name="ConsecutiveFailures">So many in a row open it: answers outside 200 to 399, calls that did not get through, and those whose caller gave up.</param>
/// <param name="Interval">While it is closed, failures are counted from anew after this time; zero: never.</param>
/// <param name="Timeout">How long it is open before a call is let through as a trial.</param>
public sealed record BreakerPolicy(int ConsecutiveFailures, TimeSpan Interval, TimeSpan Timeout);

/// <summary>Which policy ended a call.</summary>
public enum CallEnd
{
    /// <summary>It took too long.</summary>
    Timeout,

    /// <summary>The circuit breaker was open.</summary>
    OpenBreaker,
}

/// <summary>A call that a policy of the caller's sidecar has ended.</summary>
/// <param name="Caller">App id.</param>
/// <param name="Callee">App id.</param>
/// <param name="Verb">HTTP method.</param>
/// <param name="Path">Route, decoded and cleaned.</param>
/// <param name="By">The policy.</param>
public sealed record EndedCall(string Caller, string Callee, string Verb, string Path, CallEnd By);

/// <summary>The policies around all attempts of a call: a circuit breaker for each route of each callee, and in it a time-out.</summary>
internal sealed class Resilience(SidecarSettings settings)
{
    private readonly ConcurrentDictionary<(AppName App, string Path), Breaker> _breakers = new();

    /// <summary>Runs a call, or answers in its place.</summary>
    /// <param name="http">Of the caller.</param>
    /// <param name="app">The callee.</param>
    /// <param name="path">Its route.</param>
    /// <param name="call">Says whether it ended well.</param>
    public async Task RunAsync(HttpContext http, AppName app, string path, Func<CancellationToken, Task<bool>> call)
    {
        if (settings.Breaker is not { } policy)
        {
            await LimitAsync(http, app, path, call);
            return;
        }

        var breaker = _breakers.GetOrAdd((app, path), _ => new Breaker(policy, settings.Time));
        if (breaker.Enter() is not { } generation)
        {
            Tell(http, app, path, CallEnd.OpenBreaker);
            await SidecarErrors.NotInvokedAsync(http, app.Id, "circuit breaker is open");
            return;
        }

        var isWell = false;
        try
        {
            isWell = await LimitAsync(http, app, path, call);
        }
        finally
        {
            breaker.Leave(generation, isWell);
        }
    }

    private async Task<bool> LimitAsync(HttpContext http, AppName app, string path, Func<CancellationToken, Task<bool>> call)
    {
        if (settings.CallTimeout is not { } timeout)
        {
            return await call(http.RequestAborted);
        }

        using var timer = new CancellationTokenSource(timeout, settings.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, http.RequestAborted);
        try
        {
            return await call(limit.Token);
        }
        catch (Exception failure) when (failure is OperationCanceledException or HttpRequestException or IOException
            && timer.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested)
        {
            Tell(http, app, path, CallEnd.Timeout);
            if (http.Response.HasStarted)
            {
                http.Abort();
            }
            else
            {
                await SidecarErrors.NotInvokedAsync(http, app.Id, "context deadline exceeded");
            }

            return false;
        }
    }

    private void Tell(HttpContext http, AppName app, string path, CallEnd by) =>
        settings.Ended?.Invoke(new EndedCall(settings.AppId, app.Id, http.Request.Method, path, by));
}
