using BigPanda.Functions.Http;
using BigPanda.Functions.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace BigPanda.Functions.Sources;

/// <summary><c>/sources</c>: makes, shows, changes and removes alert sources.</summary>
public sealed partial class SourcesFunction(SourceService service, SourceStore store, SourceReader reader, PublicAddress address, ILogger<SourcesFunction> logger)
{
    [Function("ListSources")]
    public Task<IResult> ListAsync([HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "sources")] HttpRequest request, CancellationToken cancellationToken) =>
        ShowAsync(request, async url => JsonResponse.Of(new SourceListView(await reader.ListAsync(url, cancellationToken)), SourceJson.Default.SourceListView), cancellationToken);

    [Function("GetSource")]
    public Task<IResult> GetAsync([HttpTrigger(AuthorizationLevel.Function, "get", "head", Route = "sources/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        ShowAsync(
            request,
            async url => await store.FindAsync(id, cancellationToken) is { } source
                ? JsonResponse.Of(await reader.ReadAsync(source, url, cancellationToken), SourceJson.Default.SourceView)
                : NoSource(),
            cancellationToken);

    [Function("CreateSource")]
    public Task<IResult> CreateAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "sources")] HttpRequest request, CancellationToken cancellationToken) =>
        ShowAsync(request, url => MakeAsync(request, url, cancellationToken), cancellationToken);

    [Function("ChangeSource")]
    public Task<IResult> ChangeAsync([HttpTrigger(AuthorizationLevel.Function, "patch", Route = "sources/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        ShowAsync(request, url => AmendAsync(request, url, id, cancellationToken), cancellationToken);

    [Function("DeleteSource")]
    public Task<IResult> DeleteAsync([HttpTrigger(AuthorizationLevel.Function, "delete", Route = "sources/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        TryAsync(request, async () => await service.RemoveAsync(id, cancellationToken) ? Results.NoContent() : NoSource(), cancellationToken);

    [Function("AddSourceToken")]
    public Task<IResult> AddTokenAsync([HttpTrigger(AuthorizationLevel.Function, "post", Route = "sources/{id}/tokens")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        TryAsync(request, () => IssueAsync(id, cancellationToken), cancellationToken);

    [Function("DeleteSourceToken")]
    public Task<IResult> DeleteTokenAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "sources/{id}/tokens/{tokenId}")] HttpRequest request, string id, string tokenId, CancellationToken cancellationToken) =>
        TryAsync(
            request,
            async () => await service.RemoveTokenAsync(id, tokenId, cancellationToken) switch
            {
                TokenRemoval.Done => Results.NoContent(),
                TokenRemoval.LastOne => Conflict("It is the source's only token: add another first, or delete the source."),
                _ => Problems.NotFound("No source has this id, or it has no such token."),
            },
            cancellationToken);

    private async Task<IResult> MakeAsync(HttpRequest request, Uri url, CancellationToken cancellationToken)
    {
        var (body, error) = await JsonBody.ReadAsync(request, SourceJson.Default.NewSource, NewSource.Shape, cancellationToken);
        if (body?.Trimmed() is not { } wanted) return Problems.BadRequest(error);
        if ((wanted.Validate() ?? wanted.ValidateHeader()) is { } wrong) return NotASource(wrong);

        var (source, token) = await service.CreateAsync(wanted, cancellationToken);
        var view = reader.View(source, SourceUsage.None, url);
        request.HttpContext.Response.Headers.Location = $"{request.Path}/{source.Id}";
        return JsonResponse.Of(new NewSourceView(view, token.Value, HeaderView.Of(source.HeaderName, token.Value)), SourceJson.Default.NewSourceView, StatusCodes.Status201Created);
    }

    private async Task<IResult> AmendAsync(HttpRequest request, Uri url, string id, CancellationToken cancellationToken)
    {
        var (change, error) = await JsonBody.ReadAsync(request, SourceJson.Default.SourceChange, SourceChange.Shape, cancellationToken);
        if (change is null) return Problems.BadRequest(error);
        if (await store.FindAsync(id, cancellationToken) is not { } before) return NoSource();
        if (change.ApplyTo(before) is not { } wanted) return Problems.BadRequest($"The body must be an object: {SourceChange.Shape}.");
        if (wanted.Validate() is { } wrong) return NotASource(wrong);

        // ApplyTo what is there by then: only what was named may be overwritten.
        return await service.ChangeAsync(id, source => change.ApplyTo(source) ?? wanted, cancellationToken) is { } changed
            ? JsonResponse.Of(await reader.ReadAsync(changed, url, cancellationToken), SourceJson.Default.SourceView)
            : NoSource();
    }

    private async Task<IResult> IssueAsync(string id, CancellationToken cancellationToken)
    {
        var (source, token) = await service.AddTokenAsync(id, cancellationToken);
        if (source is null) return NoSource();
        if (token is null) return Conflict($"The source has {AlertSource.MaxTokens} tokens: delete the old one first.");
        var view = new NewTokenView(token.Stored.Id, token.Stored.Prefix, token.Stored.CreatedAt.UtcDateTime, token.Value, HeaderView.Of(source.HeaderName, token.Value));
        return JsonResponse.Of(view, SourceJson.Default.NewTokenView, StatusCodes.Status201Created);
    }

    /// <summary>For answers that show a callback URL: nothing is read or stored before it is known that one can be built.</summary>
    private Task<IResult> ShowAsync(HttpRequest request, Func<Uri, Task<IResult>> answer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        return address.Of(request) is { } url ? TryAsync(request, () => answer(url), cancellationToken) : Task.FromResult(Problems.BadRequest(PublicAddress.Missing));
    }

    private async Task<IResult> TryAsync(HttpRequest request, Func<Task<IResult>> answer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            return await answer();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && StorageError.IsOutage(e))
        {
            Log.Unavailable(logger, StorageError.Describe(e));
            return Problems.Unavailable(request.HttpContext.Response, "The sources cannot be read or written at the moment.");
        }
    }

    private static IResult NoSource() => Problems.NotFound("No source has this id.");

    private static IResult NotASource(SourceError wrong) =>
        Problems.Of(StatusCodes.Status422UnprocessableEntity, "Not a source", wrong.Detail, ("field", wrong.Field), ("position", wrong.Position));

    private static IResult Conflict(string detail) => Problems.Of(StatusCodes.Status409Conflict, "Not possible now", detail);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A request about the sources is answered 503: {Reason}")]
        public static partial void Unavailable(ILogger logger, string reason);
    }
}
