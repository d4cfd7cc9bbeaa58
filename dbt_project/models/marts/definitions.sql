with terms as (

    select terms.*
    from {{ ref('stg_agreement__terms') }} as terms
    inner join {{ ref('int_clock') }} as clock on terms.version = clock.agreement_version

),

ranks as (

    select version, stage, rank from {{ ref('stg_agreement__stages') }}

)

select
    terms.term,
    terms.kind,
    terms.meaning,
    terms.owner,
    terms.version as agreement_version,
    ranks.rank as position
from terms
left join ranks on terms.version = ranks.version and terms.kind = 'stage' and terms.term = ranks.stage
