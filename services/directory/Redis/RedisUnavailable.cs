using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using StackExchange.Redis;

namespace P2PCloud.CentralDirectory.Redis;

/// <summary>Answers 503 when Redis does not answer or does not take requests now. The asker may try again.</summary>
internal sealed class RedisUnavailable(IProblemDetailsService problems) : IExceptionHandler
{
    /// <summary>Whether the failure is one of Redis' state, and not a defect of this service.</summary>
    public static bool Is(Exception failure) => failure switch
    {
        RedisConnectionException or RedisTimeoutException => true,
        RedisServerException server => !server.Message.StartsWith("ERR", StringComparison.Ordinal)
            && !server.Message.StartsWith("WRONGTYPE", StringComparison.Ordinal),
        _ => false,
    };

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!Is(exception))
        {
            return false;
        }

        httpContext.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        await problems.WriteAsync(new ProblemDetailsContext
        {
            HttpContext = httpContext,
            ProblemDetails = new ProblemDetails
            {
                Status = StatusCodes.Status503ServiceUnavailable,
                Title = "Redis does not answer",
                Detail = "The index is kept in Redis, which cannot be reached now. Transfers and the other techniques go on without it.",
            },
        });
        return true;
    }
}
