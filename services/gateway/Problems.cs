using Microsoft.AspNetCore.Http.HttpResults;

namespace P2PCloud.Gateway;

/// <summary>Errors as problem details (RFC 9457). A detail says what is wrong and what would be right.</summary>
internal static class Problems
{
    public static ProblemHttpResult BadRequest(string detail) => Of(StatusCodes.Status400BadRequest, detail);

    public static ProblemHttpResult NotFound(string detail) => Of(StatusCodes.Status404NotFound, detail);

    public static ProblemHttpResult TooLarge(long limit) =>
        Of(StatusCodes.Status413PayloadTooLarge, $"An upload has at most {limit} bytes here.");

    public static ProblemHttpResult RangeNotSatisfiable(string detail) => Of(StatusCodes.Status416RangeNotSatisfiable, detail);

    /// <summary>A service behind the gateway gave no usable answer.</summary>
    public static ProblemHttpResult BadGateway(string detail) => Of(StatusCodes.Status502BadGateway, detail);

    /// <summary>The cloud is not (yet) able to answer.</summary>
    public static ProblemHttpResult Unavailable(string detail) => Of(StatusCodes.Status503ServiceUnavailable, detail);

    public static ProblemHttpResult Of(int status, string detail) => TypedResults.Problem(detail, statusCode: status);

    /// <summary>Adds a detail to errors that have none: those that routing answers.</summary>
    public static void Explain(ProblemDetailsContext context)
    {
        var request = context.HttpContext.Request;
        context.ProblemDetails.Detail ??= context.ProblemDetails.Status switch
        {
            StatusCodes.Status404NotFound => $"Nothing is at {request.Path}. The interface is listed at /docs.",
            StatusCodes.Status405MethodNotAllowed => $"{request.Path} does not answer {request.Method}. The interface is listed at /docs.",
            _ => null,
        };
    }
}
