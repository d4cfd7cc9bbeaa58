{# What had been loaded by the wanted moment: the variable known_at, or everything. #}
{% macro was_known(loaded_at='loaded_at') -%}
    {%- if var('known_at') -%} {{ loaded_at }} <= cast('{{ var("known_at") }}' as timestamp) {%- else -%} true {%- endif -%}
{%- endmacro %}

{# The latest version of every row of a raw table, as of known_at. Few rows have several versions, and only they are ranked. #}
{% macro latest_version(relation, key) -%}
    {%- set columns = key | join(', ') -%}
    (
        with in_several_versions as (

            select {{ columns }}, true as are_several
            from {{ relation }}
            where {{ was_known() }}
            group by {{ columns }}
            having count(*) > 1

        ),

        {%- set same_key %}
            {%- for column in key %}known.{{ column }} is not distinct from several.{{ column }}
                {{- ' and ' if not loop.last }}{% endfor %}
        {%- endset %}

        ranked as (

            select
                known.*,
                several.are_several,
                row_number() over (
                    partition by known.{{ key | join(', known.') }} order by known.loaded_at desc, known.content_hash desc
                ) as version_rank
            from {{ relation }} as known
            inner join in_several_versions as several on {{ same_key }}
            where {{ was_known('known.loaded_at') }}

        )

        select known.*, several.are_several, 1 as version_rank
        from {{ relation }} as known
        left join in_several_versions as several on {{ same_key }}
        where several.are_several is null and {{ was_known('known.loaded_at') }}
        union all
        select * from ranked
        where version_rank = 1
    )
{%- endmacro %}

{# One exchange table of every connected system, of all kinds; a unit test gives the rows of one kind, and all of them are connected. #}
{% macro every_system(table) -%}
    {%- if model.resource_type == 'unit_test' %}
    select * from {{ ref('stg_files__' ~ table) }}
    {%- else %}
    {%- for kind in var('kinds') %}
    select * from {{ ref('stg_' ~ kind ~ '__' ~ table) }}
    where system in (select connected.system from {{ ref('stg_sources__systems') }} as connected)
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
    {%- endif %}
{%- endmacro %}
