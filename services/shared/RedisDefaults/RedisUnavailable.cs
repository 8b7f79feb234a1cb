using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using StackExchange.Redis;

namespace P2PCloud.RedisDefaults;

/// <summary>Answers 503 when Redis does not answer or does not take requests now. The asker may try again.</summary>
/// <param name="problems">Writes the answer.</param>
/// <param name="consequence">What works and what does not, for the detail of the answer.</param>
public sealed class RedisUnavailable(IProblemDetailsService problems, RedisConsequence consequence) : IExceptionHandler
{
    /// <summary>Whether the failure is one of Redis' state, and not a defect of this service.</summary>
    public static bool Is(Exception failure) => failure switch
    {
        RedisConnectionException or RedisTimeoutException => true,
        RedisServerException server => !server.Message.StartsWith("ERR", StringComparison.Ordinal)
            && !server.Message.StartsWith("WRONGTYPE", StringComparison.Ordinal),
        _ => false,
    };

    /// <inheritdoc/>
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
                Detail = consequence.Detail,
            },
        });
        return true;
    }
}

/// <summary>What follows for those who ask a service that has lost Redis.</summary>
public sealed record RedisConsequence(string Detail);
